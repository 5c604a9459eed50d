#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# flows - frames of busy stations that pass bridges by way of the kernel: there must be nothing
# to see of it but the speed.
#
# Each test plays in a yard whose script waits for its next part on standard input.
import json
import subprocess
import sys

from helper import expect, expect_equal, expect_match, run_tests, until
from traffic import counters, info, need_shortcuts, sh, traffic

# a and b, each behind a port of br0.  Nothing but what a test sends is to be counted.
QUIET = """
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
for ns in a b; do ip netns add $ns; ip netns exec $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip -n $ns link set lo up; done
mac() { ip -n $1 -br link show e0 | awk '{print $3}'; }
"""
END = """
ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0
ip -n a neigh replace 10.0.0.2 lladdr $(mac b) nud permanent dev e0
ip -n b neigh replace 10.0.0.1 lladdr $(mac a) nud permanent dev e0
ip netns exec a ping -c1 -w9 -q 10.0.0.2 >/dev/null
"""
BRIDGE = QUIET + """
ip link add br0 type bridge mcast_snooping 0; ip link set br0 up
for ns in a b; do
    ip link add p$ns type veth peer name e0 netns $ns
    ip link set p$ns master br0; ip link set p$ns up; ip -n $ns link set e0 up
done
""" + END
CHAIN = QUIET + """
for ns in a b; do
    ip link add br$ns type bridge mcast_snooping 0; ip link set br$ns up
    ip link add p$ns type veth peer name e0 netns $ns
    ip link set p$ns master br$ns; ip link set p$ns up; ip -n $ns link set e0 up
done
ip link add qa type veth peer name qb
ip link set qa master bra; ip link set qb master brb; ip link set qa up; ip link set qb up
""" + END
BUSY = "ip netns exec a ping -f -c 3000 -q -w 20 10.0.0.2 >/dev/null"

SERVE = r"""
import hashlib, socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("10.0.0.2", 9)); s.listen(); print("up", flush=True)
c, _ = s.accept(); h = hashlib.sha256(); n = 0
while data := c.recv(1 << 20):
    h.update(data); n += len(data)
print(n, h.hexdigest())
"""
GIVE = r"""
import hashlib, random, socket, sys
s = socket.create_connection(("10.0.0.2", 9)); h = hashlib.sha256(); block = random.Random(5).randbytes(1 << 20)
for i in range(int(sys.argv[1])):
    part = block[i:] + block[:i]
    s.sendall(part); h.update(part)
print(int(sys.argv[1]) << 20, h.hexdigest())
"""


def world(place, script=BRIDGE, env=None):
    need_shortcuts(place)
    return place.running(script + "\necho up; exec sleep 1000", name="x", env=env)


def flows(place):
    return info(place, "flows")


def make_busy(place, number=2):
    sh(place, BUSY)
    expect_equal(flows(place), number, "flows after a flood of echoes")


def stations(place, bridge="br0"):
    rows = json.loads(sh(place, f"bridge -s -j fdb show br {bridge} dynamic"))
    return {row["ifname"]: row for row in rows if row.get("state") not in ("permanent", "static")}


def busy_stations_pass_the_bridge_and_quiet_ones_do_not(place):
    with world(place):
        expect_equal(flows(place), 0)
        sh(place, "ip netns exec a ping -c20 -i0.01 -q 10.0.0.2")
        expect_equal(flows(place), 0, "flows of twenty slow echoes")
        make_busy(place)
        place.good("rm", "x")


def off_means_none(place):
    with world(place, env={"WIREYARD_SHORTCUTS": "off"}):
        make_busy(place, 0)
        place.good("rm", "x")


def each_change_that_matters_ends_them(place):
    """And what undoes it lets them begin again."""
    with world(place):
        for change, back in (
                ("ip link set pa type bridge_slave locked on", "ip link set pa type bridge_slave locked off"),
                ("ip link set br0 type bridge vlan_filtering 1", "ip link set br0 type bridge vlan_filtering 0"),
                ("ip link set pa type bridge_slave isolated on; ip link set pb type bridge_slave isolated on",
                 "ip link set pa type bridge_slave isolated off; ip link set pb type bridge_slave isolated off"),
                ("ip link set br0 promisc on", "ip link set br0 promisc off"),
                ("bridge fdb replace $(mac b) dev pa master static", "bridge fdb replace $(mac b) dev pb master dynamic"),
                ("ip link set pb down", "ip link set pb up"),
                ("ip link set pb mtu 1400; ip -n a link set e0 mtu 1450", "ip link set pb mtu 1500; ip -n a link set e0 mtu 1500"),
                ("ip link set pb nomaster", "ip link set pb master br0"),
                ("ip link set br0 down", "ip link set br0 up")):
            sh(place, f"{QUIET.splitlines()[-1]}\n" + "ip netns exec a ping -c1 -w9 -q 10.0.0.2 >/dev/null")
            until(lambda: sh(place, BUSY) == "" and flows(place) == 2, f"flows before {change}")
            sh(place, f"{QUIET.splitlines()[-1]}\n{change}")
            expect(flows(place) < 2, f"flows go on after {change}")
            sh(place, f"{QUIET.splitlines()[-1]}\n{back}")
        place.good("rm", "x")


def a_station_that_moves_takes_its_frames_along(place):
    with world(place):
        make_busy(place)
        sh(place, """
            ip netns add c; ip netns exec c sysctl -qw net.ipv6.conf.all.disable_ipv6=1
            ip link add pc type veth peer name e0 address $(ip -n b -br link show e0 | awk '{print $3}') netns c
            ip link set pc master br0; ip link set pc up; ip -n c link set e0 up
            ip -n b link set e0 down; ip -n c addr add 10.0.0.2/24 dev e0
            ip netns exec c ping -c1 -w9 -q 10.0.0.1; ip netns exec a ping -c3 -i0.01 -w9 -q 10.0.0.2""")
        place.good("rm", "x")


def stations_do_not_age_while_they_are_busy(place):
    with world(place):
        sh(place, "ip link set br0 type bridge ageing_time 300")
        with traffic(place, order=False):
            until(lambda: flows(place) == 2, "the traffic has its rules")
            for _ in range(3):
                sh(place, "sleep 2")
                found = stations(place)
                expect_equal(sorted(found), ["pa", "pb"])
                expect(all(row["updated"] <= 1 and row["used"] <= 1 for row in found.values()), f"fresh stations: {found}")
            expect_equal(flows(place), 2)
        until(lambda: not stations(place), "quiet stations age")
        expect_equal(flows(place), 0)
        place.good("rm", "x")


def counters_are_those_of_the_frames(place):
    with world(place):
        ends = [("a", "e0"), (None, "pa"), (None, "pb"), ("b", "e0")]
        before = [counters(place, *end) for end in ends]
        for size in (56, 1000):
            sh(place, f"ip netns exec a ping -f -c2000 -w20 -q -s {size} 10.0.0.2 > /dev/null")
        expect_equal(flows(place), 2)
        for end, old in zip(ends, before):
            new = counters(place, *end)
            got = {key: new[key] - old[key] for key in new}
            size = 2000 * (56 + 42) + 2000 * (1000 + 42)
            expect_equal(got, {"rx": 4000, "tx": 4000, "rx_bytes": size, "tx_bytes": size}, f"counters of {end}")
        place.good("rm", "x")


def transfer(place, during, blocks=200):
    words = ("exec", "-n", "x", "ip", "netns", "exec")
    with place.start(*words, "b", "python3", "-c", SERVE) as server:
        expect_equal(server.stdout.readline(), "up\n")
        with place.start(*words, "a", "python3", "-c", GIVE, str(blocks)) as client:
            during(client)
            given, complaint = client.communicate()
            expect_equal((client.returncode, complaint), (0, ""), "the client")
        got, complaint = server.communicate()
        expect_equal((server.returncode, complaint), (0, ""), "the server")
    expect_equal(got, given, "bytes and their checksum")
    return int(got.split()[0])


def a_transfer_survives_rules_that_come_and_go(place):
    """What the ends count is the same, and agrees with what the namespaces' own stacks have seen."""
    def disturb(client):
        while client.poll() is None:
            sh(place, """ip link set pb type bridge_slave locked on; ip link set pb type bridge_slave locked off
                         ip link set br0 type bridge vlan_filtering 1; ip link set br0 type bridge vlan_filtering 0; sleep 0.15""")

    with world(place):
        ends = [("a", "e0"), (None, "pa"), (None, "pb"), ("b", "e0")]
        before = [counters(place, *end) for end in ends]
        transfer(place, disturb)
        make_busy(place)  # what was left over is counted with it
        new = [counters(place, *end) for end in ends]
        got = [{key: after[key] - old[key] for key in after} for old, after in zip(before, new)]
        expect(got[0]["tx_bytes"] > 200 << 20, "bytes that were sent")
        for near, far in ((got[0]["tx"], got[1]["rx"]), (got[2]["tx"], got[3]["rx"]), (got[0]["tx"], got[3]["rx"]),
                          (got[0]["tx_bytes"], got[3]["rx_bytes"]), (got[3]["tx"], got[0]["rx"])):
            expect_equal(near, far, f"counters of both ends: {got}")
        place.good("rm", "x")


def who_listens_at_a_port_sees_them(place):
    with world(place):
        make_busy(place)
        with place.start("exec", "-n", "x", "tcpdump", "-nn", "-l", "-i", "pb", "-c", "4", "icmp", stderr=subprocess.PIPE) as dump:
            until(lambda: flows(place) == 0, "listening ends the rules")
            until(lambda: "listening" in dump.stderr.readline(), "tcpdump listens")
            sh(place, "ip netns exec a ping -c2 -i0.01 -w9 -q 10.0.0.2")
            out, _ = dump.communicate()
            expect_equal(len(out.splitlines()), 4, out)
            expect_match("echo request", out)
        until(lambda: sh(place, BUSY) == "" and flows(place) == 2, "they come back")
        place.good("rm", "x")


def bridges_in_a_row_are_passed_too(place):
    with world(place, CHAIN):
        ends = [("a", "e0"), (None, "pa"), (None, "qa"), (None, "qb"), (None, "pb"), ("b", "e0")]
        make_busy(place)
        before = [counters(place, *end) for end in ends]
        sh(place, BUSY)
        expect_equal(flows(place), 2)
        for end, old in zip(ends, before):
            new = counters(place, *end)
            expect_equal({key: new[key] - old[key] for key in ("rx", "tx")}, {"rx": 3000, "tx": 3000}, f"counters of {end}")
        sh(place, "ip link del qa")
        expect_equal(flows(place), 0)
        place.good("rm", "x")


def namespaces_and_devices_that_die_take_their_rules_along(place):
    for death in ("ip netns del b", "ip -n b link del e0", "ip link del pb", "ip link del br0", "ip netns del a"):
        with world(place):
            make_busy(place)
            sh(place, death)
            until(lambda: flows(place) == 0, f"rules end after {death}")
            place.good("rm", "x")


def tagged_frames_and_others_go_to_the_engine(place):
    """Frames of the same stations with a tag are no part of the flow, which has none."""
    with world(place):
        make_busy(place)
        sh(place, r"""
            cd "$TMPDIR"
            cat > ./tagged.py << 'END'
import socket, sys, subprocess
mac = lambda ns: bytes.fromhex(subprocess.check_output(["ip", "-n", ns, "-br", "link", "show", "e0"], text=True).split()[2].replace(":", ""))
head = mac("b") + mac("a")
open("./frames", "wb").write(head)
END
            python3 ./tagged.py""")
        before = counters(place, None, "pb")
        sh(place, r"""
            cd "$TMPDIR"
            ip netns exec b timeout 10 python3 -c '
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)); s.bind(("e0", 0)); s.settimeout(8)
s.setsockopt(263, 8, 1)
print("up", flush=True); open("./ready", "w").write("x")
while True:
    data, aux, _, _ = s.recvmsg(2000, 200)
    if b"tagged" in data:
        assert aux and int.from_bytes(aux[0][2][16:18], "little") == 7, aux
        break
' & sleep 0.5
            while [ ! -e ./ready ]; do sleep 0.05; done
            ip netns exec a python3 -c '
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(("e0", 0))
s.send(open("./frames", "rb").read() + bytes.fromhex("8100000708004500") + b"tagged" * 12)
'
            wait $!; rm ./ready ./frames ./tagged.py""")
        expect_equal(counters(place, None, "pb")["tx"] - before["tx"], 1)
        expect_equal(flows(place), 2)
        place.good("rm", "x")


sys.exit(run_tests([
    busy_stations_pass_the_bridge_and_quiet_ones_do_not, off_means_none, each_change_that_matters_ends_them,
    a_station_that_moves_takes_its_frames_along, stations_do_not_age_while_they_are_busy,
    counters_are_those_of_the_frames, a_transfer_survives_rules_that_come_and_go, who_listens_at_a_port_sees_them,
    bridges_in_a_row_are_passed_too, namespaces_and_devices_that_die_take_their_rules_along,
    tagged_frames_and_others_go_to_the_engine,
]))
