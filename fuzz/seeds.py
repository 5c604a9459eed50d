#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# seeds - makes fuzz/corpus/rtnl/ and fuzz/corpus/bridge/ from what ip(8), bridge(8) and tc(8) really send.
#
# Each command below runs under strace in user and network namespaces of its own, where it may
# fail as it likes, and every datagram that it sends becomes a seed.  Some seeds are then cut or
# bent.  Sequence numbers are set to 1, so that the seeds change only when the requests do.
import os
import pathlib
import re
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE / "corpus" / "rtnl"

COMMANDS = """
ip link add va type veth
ip link add va type veth peer name vb
ip link add va type veth peer name vb netns 1
ip link add va netns 1 mtu 1400 address 02:00:00:00:00:01 type veth peer name vb mtu 1300 address 02:00:00:00:00:02
ip link add va up numtxqueues 4 numrxqueues 4 type veth peer vb up numtxqueues 2
ip link add name abcdefghijklmno type dummy
ip link add d0 alias a-long-description-of-what-this-is type dummy
ip link add d0 index 77 group 5 type dummy
ip link add b0 type bridge vlan_filtering 1 vlan_default_pvid 7 stp_state 1 ageing_time 3000 priority 4096 group_fwd_mask 8
ip link add x0 type vxlan id 42 remote 192.0.2.1 local 192.0.2.2 dstport 4789 nolearning ttl 64 dev lo
ip link add x0 type vxlan id 42 group ff05::1 dev lo dstport 4789 port 1000 2000
ip link add x0 type vxlan external dstport 0
ip link add g0 type gretap remote 192.0.2.1 local 192.0.2.2 key 7 csum seq ttl 9 tos inherit
ip link add g0 type gre remote 192.0.2.1 local any ikey 1.2.3.4 okey 5
ip link add m0 link lo type macvlan mode bridge
ip link add m0 link lo type macvtap mode passthru
ip link add v0 link lo type vlan id 7 protocol 802.1ad flags 0x1 gvrp on ingress-qos-map 1:2 3:4
ip link add o0 type bond mode active-backup miimon 100
ip link set lo up
ip link set lo netns 1
ip link set lo netns {netns}
ip -n {name} link set lo up
ip link set lo name eth0 mtu 9000 txqueuelen 10 alias x
ip link set lo address 02:00:00:00:00:03 broadcast ff:ff:ff:ff:ff:ff
ip link set lo master 7
ip link set lo type bridge_slave state 3 cost 9 hairpin on
ip link set lo nomaster
ip link del lo
ip link del lo type veth
ip link property add dev lo altname another-name-that-is-longer-than-fifteen
ip -d link show
ip link show type veth
ip link show master lo
ip -s link show dev lo
ip addr add 192.0.2.1/24 broadcast + dev lo label lo:1
ip addr add 2001:db8::1/64 dev lo nodad
ip addr show
ip route add 192.168.100.0/24 via 127.0.0.1 dev lo metric 5
ip route add default nexthop dev lo weight 2 nexthop via 127.0.0.1 dev lo
ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev lo
ip rule add from 192.0.2.0/24 table 7
ip netns list-id
bridge fdb add 02:00:00:00:00:01 dev lo dst 192.0.2.9 vni 7
bridge vlan add dev lo vid 2-9 pvid untagged
bridge link set dev lo isolated on
bridge link set dev lo cost 7 priority 3 state 1 hairpin on guard off learning off flood off mcast_router 2 self master
ip link set lo type bridge_slave fdb_flush group_fwd_mask 8 neigh_suppress on vlan_tunnel on backup_port lo
bridge -d link show
bridge fdb show br lo brport lo
bridge fdb get 02:00:00:00:00:01 br lo vlan 7
bridge fdb replace 02:00:00:00:00:01 dev lo master sticky static vlan 7
bridge fdb flush dev lo brport lo vlan 7 nopermanent static
tc qdisc add dev lo root netem delay 10ms loss 1%
""".strip().splitlines()

# Programs for the target "bridge": a number, its bridge's settings, and what is asked of it.  The bridge is lo, and its
# ports are p2 and p3.
BRIDGE = {
    "stations": (0, """
bridge fdb add 02:00:00:00:00:01 dev p2 master static
bridge fdb add 02:00:00:00:00:02 dev p3 master sticky
bridge fdb add 02:00:00:00:00:03 dev lo self local
bridge fdb replace 02:00:00:00:00:02 dev p2 master dynamic
bridge fdb get 02:00:00:00:00:02 br lo
bridge fdb show br lo
bridge fdb show brport p2
bridge fdb flush dev lo brport p2 permanent
bridge fdb del 02:00:00:00:00:01 dev p2 master
"""),
    "stations-in-vlans": (1, """
bridge vlan add dev p2 vid 2-5
bridge fdb add 02:00:00:00:00:01 dev p2 master static
bridge fdb add 02:00:00:00:00:02 dev p2 master vlan 3
bridge fdb del 02:00:00:00:00:01 dev p2 master vlan 4
bridge vlan del dev p2 vid 3
bridge fdb show
bridge fdb flush dev lo vlan 4
"""),
    "vlans": (9, """
bridge vlan add dev p2 vid 2 pvid untagged
bridge vlan add dev p2 vid 10-20
bridge vlan add dev lo vid 10 self
bridge vlan set dev p2 vid 11-13 state blocking
bridge vlan del dev p2 vid 12-30
bridge vlan add dev p3 vid 4094
bridge -d vlan show
bridge -s vlan show
bridge vlan global show
bridge vlan show dev p2
"""),
    "vlans-multicast": (25, """
bridge vlan add dev p2 vid 10-20
bridge vlan add dev lo vid 10-15 self
bridge vlan global set dev lo vid 10 mcast_snooping 1 mcast_querier 1 mcast_igmp_version 3 mcast_mld_version 2
bridge vlan global set dev lo vid 11-14 mcast_last_member_count 3 mcast_startup_query_count 4 mcast_query_interval 100
bridge vlan set dev p2 vid 11-12 mcast_router 2
bridge vlan global show
bridge -d vlan show
"""),
    "groups": (0, """
bridge mdb add dev lo port p2 grp 239.1.1.1 permanent
bridge mdb add dev lo port p3 grp ff05::1 temp
bridge mdb add dev lo port lo grp 239.1.1.2
bridge mdb add dev lo port p2 grp 01:02:03:04:05:06 permanent
bridge mdb add dev lo port p2 grp 239.1.1.1 permanent
bridge mdb show dev lo
bridge mdb del dev lo port p2 grp 239.1.1.1
bridge -d mdb show
"""),
    "groups-with-sources": (7, """
bridge vlan add dev p2 vid 5
bridge mdb add dev lo port p2 grp 239.1.1.1 src 10.0.0.1 vid 1
bridge mdb add dev lo port p2 grp 239.1.1.1 filter_mode include source_list 10.0.0.1,10.0.0.2 proto zebra vid 5
bridge mdb replace dev lo port p2 grp 239.1.1.1 filter_mode exclude source_list 10.0.0.2,10.0.0.3 permanent
bridge mdb add dev lo port p3 grp ff05::1 filter_mode exclude source_list 2001:db8::1 vid 1
bridge -d -s mdb show
"""),
    "flushes": (2, """
bridge mdb add dev lo port p2 grp 239.1.1.1 permanent
bridge mdb add dev lo port p3 grp 239.1.1.2
{tools}/mdbflush lo dev p2 permanent protocol 4
{tools}/mdbflush lo vid 5 nopermanent
{tools}/mdbflush lo odd
"""),
    "ports": (0, """
bridge link set dev p2 isolated on hairpin on mcast_router 2 state 1 cost 9
bridge link set dev p2 mcast_flood off learning off master
bridge link set dev lo self hwmode vepa
bridge link set dev p3 mcast_router 0 neigh_suppress on locked on
"""),
}

BENT = ("ip link add va type veth peer name vb netns 1",
        "ip link add x0 type vxlan id 42 remote 192.0.2.1 local 192.0.2.2 dstport 4789 nolearning ttl 64 dev lo")


def captured(command, netns):
    """The datagrams that @command sends."""
    words = [w.format(netns=netns, name=pathlib.Path(netns).name, tools=HERE.parent / "tests/kernel/tools") for w in command.split()]
    with tempfile.NamedTemporaryFile() as trace:
        inner = ["strace", "-f", "-e", "trace=sendmsg,sendto", "-e", "write=all", "-o", trace.name] + words
        # The name of a namespace, so that ip has a descriptor to put into its request.
        script = 'mkdir -p /run/netns; mount -t tmpfs none /run/netns; touch "$0"; mount --bind /proc/self/ns/net "$0"; ip link add p2 index 2 type veth peer name p3 index 3; exec "$@"'
        subprocess.run(["unshare", "-Urnm", "sh", "-c", script, netns] + inner, capture_output=True, check=False)
        datagrams, current = [], None
        for line in pathlib.Path(trace.name).read_text(errors="replace").splitlines():
            if re.match(r"\d*\s*(sendmsg|sendto)\(", line) or "resumed" in line:
                current = bytearray()
                datagrams.append(current)
            found = re.match(r" \| [0-9a-f]+  ((?:[0-9a-f]{2} +)+)", line)
            if found and current is not None:
                current += bytes.fromhex(found[1])
    return [bytes(d) for d in datagrams if len(d) >= 16]


def calm(datagram):
    """With sequence numbers of 1, whose true values are the time of day."""
    out, at = bytearray(datagram), 0
    while at + 16 <= len(out):
        (length,) = struct.unpack_from("=I", out, at)
        struct.pack_into("=I", out, at + 8, 1)
        at += max((length + 3) & ~3, 16)
    return bytes(out)


def bent(datagram):
    """Datagrams as a careless or hostile program would send them."""
    yield "cut", datagram[:-5]
    yield "half", datagram[:len(datagram) // 2]
    yield "header", datagram[:20]
    yield "long", struct.pack("=I", len(datagram) + 4) + datagram[4:]
    yield "short", struct.pack("=I", len(datagram) - 3) + datagram[4:]
    yield "twice", datagram + datagram
    if len(datagram) > 36:
        for name, length in (("zero", 0), ("three", 3), ("huge", 0xffff)):
            yield f"attr-{name}", datagram[:32] + struct.pack("=H", length) + datagram[34:]


def bridges():
    """Programs for the target "bridge"; a minute or so passes after each request."""
    folder = HERE / "corpus" / "bridge"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (settings, commands) in BRIDGE.items():
        data = bytearray([settings])
        for command in commands.strip().splitlines():
            for datagram in captured(command, "/run/netns/seed"):
                one = bytearray(calm(datagram))
                struct.pack_into("=I", one, 12, 8)
                data += one + b"\0" * (-len(one) % 4)
        (folder / name).write_bytes(data)
    (folder / "empty").write_bytes(b"\0")
    (folder / "SEEDS").write_text("Made by fuzz/seeds.py; what broke the target once is crash-*.\n")


def main():
    bridges()
    FOLDER.mkdir(parents=True, exist_ok=True)
    seen = set()

    def keep(name, data):
        if data not in seen:
            seen.add(data)
            (FOLDER / name).write_bytes(data)

    for command in COMMANDS:
        name = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\{.*?\}", "fd", command.lower())).strip("-")[:60]
        datagrams = [calm(d) for d in captured(command, "/run/netns/seed")]
        for i, data in enumerate(datagrams):
            keep(f"{name}.{i}", data)
        if command in BENT:
            for how, worse in bent(datagrams[-1]):
                keep(f"{name}.{how}", worse)
    (FOLDER / "SEEDS").write_text("Made by fuzz/seeds.py; what broke the target once is crash-*.\n")
    print(len(seen), "seeds in", FOLDER)


if __name__ == "__main__":
    os.umask(0o022)
    main()
