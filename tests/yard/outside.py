#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# outside - the kernel's own devices as ports of the engine's bridges, and as what its devices stand on.
#
# The host is a namespace of the test's own, and its network card one end of a pair of the kernel's, which
# root moves into the yard; the other end is the wire.
import subprocess
import sys

from helper import PATIENCE, Skipped, expect, expect_equal, expect_match, run_tests

HOST = """
ip link set lo up
ip link add nic0 type veth peer name wire
ip link set nic0 address 02:00:00:00:00:0a
ip addr add 192.0.2.1/24 dev wire
ip link set wire up
$wy run -n x true
x() { $wy exec -n x "$@"; }
await() { for _ in $(seq 200); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.05; done; echo "not in time: $*"; return 1; }
not() { ! "$@"; }
ip link set nic0 netns $($wy ls --json | sed -n 's/.*"pid": //p' | tr -d ,)
x ip link set nic0 up
"""
BRIDGE = """
x ip link add br0 type bridge
x ip link set br0 up
x ip link set nic0 master br0
"""
GUEST = """
x sh -ec '
ip netns add guest
ip link add port0 type veth peer name eth0 netns guest
ip link set port0 master br0 up
ip -n guest addr add 192.0.2.3/24 dev eth0
ip -n guest link set eth0 up
'
"""


def on_host(place, script, *words):
    if place.uid != 0:
        raise Skipped("to move a device of the host into a yard takes root")
    done = subprocess.run(["unshare", "-n", "bash", "-ec", "wy=$1\n" + HOST + script + "\n$wy rm x\n", "host",
                           str(place.stage.wireyard), *words], text=True, capture_output=True, cwd=place.cwd,
                          env=place.environment(), timeout=3 * PATIENCE, check=False, start_new_session=True)
    expect_equal((done.returncode, done.stderr), (0, ""), f"status and standard error after {done.stdout}")
    return done.stdout


def a_network_card_is_a_port_of_a_bridge(place):
    out = on_host(place, BRIDGE + GUEST + """
        x ip -d link show nic0
        ping -c2 -i 0.2 -W5 192.0.2.3 | grep loss
        x ip netns exec guest ping -c2 -i 0.2 -W5 192.0.2.1 | grep loss
        ip -br neigh show 192.0.2.3
        x ip -n guest -br link show eth0
    """)
    expect_match(r"nic0@.* master br0 .*\n.*\n.*\bveth\b[\s\S]*bridge_slave state forwarding", out)
    expect_equal(out.count(" 0% packet loss"), 2, out)
    mac = out.rsplit("eth0@", 1)[1].split()[2]
    expect_match(f"wire .*{mac}", out, "the wire sees the guest's own address")


def large_segments_pass_whole_in_both_directions(place):
    (place.cwd / "count").write_text(
        "import socket, sys\n"
        "s = socket.create_server((sys.argv[1], 7000)); print('up', flush=True)\n"
        "c, _ = s.accept(); c.sendall(b'y' * 3000000); c.shutdown(1); n = 0\n"
        "while d := c.recv(1 << 20): n += len(d)\nprint(n)\n")
    (place.cwd / "ask").write_text(
        "import socket, sys, threading\n"
        "s = socket.create_connection((sys.argv[1], 7000)); n = 0\n"
        "t = threading.Thread(target=lambda: (s.sendall(b'x' * 5000000), s.shutdown(1))); t.start()\n"
        "while d := s.recv(1 << 20): n += len(d)\nt.join(); print(n)\n")
    out = on_host(place, BRIDGE + GUEST + """
        /usr/bin/python3 count 192.0.2.1 >counted & server=$!
        await grep -q up counted
        x ip netns exec guest /usr/bin/python3 ask 192.0.2.1
        wait $server
        tail -n1 counted
    """)
    expect_equal(out, "3000000\n5000000\n")


def the_stack_of_a_port_hears_nothing_and_all_again_afterwards(place):
    out = on_host(place, """
        x ip addr add 192.0.2.9/24 dev nic0
        ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:0a dev wire
        echo before $(ping -c1 -W5 192.0.2.9 | grep -o '[0-9]* received')
    """ + BRIDGE + """
        x nft flush ruleset
        # The port's address is the bridge's too, which would take what is for it.
        x ip link set br0 down
        echo port $(ping -c1 -W1 192.0.2.9 | grep -o '[0-9]* received')
        x ip link set nic0 nomaster
        await ping -c1 -W1 192.0.2.9
        await x sh -c 'ip -d link show nic0 | grep "promiscuity 0"'
        x ip -d link show nic0 | grep -o 'promiscuity [0-9]'
        x ip -o link show nic0 | grep -c master || true
        await x sh -c '[ -z "$(nft list ruleset)" ]'
    """)
    expect_match("before 1 received\nport 0 received\n", out)
    expect_match("promiscuity 0\n", out)
    expect(out.endswith("\n0\n"), out)


def a_port_goes_when_the_kernels_device_does(place):
    out = on_host(place, BRIDGE + """
        ip link del wire
        await not x ip link show nic0
        x ip -d -o link show master br0
        x ip link del br0
        ip link add nic0 type veth peer name wire
        ip link set nic0 netns $($wy ls --json | sed -n 's/.*"pid": //p' | tr -d ,)
    """ + BRIDGE + """
        x ip netns add other
        x ip link set nic0 netns other
        x ip -o link show master br0
        x ip -n other -o link show nic0 | grep -c master || true
        await x sh -c '[ -z "$(nft list ruleset)" ]'
    """)
    expect_equal(out, "0\n")


def a_bridge_that_goes_lets_its_ports_go(place):
    out = on_host(place, BRIDGE + """
        x ip link add br1 type bridge
        x ip link set nic0 master br1
        x ip -o link show nic0 | grep -o 'master br.'
        x ip link del br1
        x ip -o link show nic0 | grep -c master || true
        await x sh -c '[ -z "$(nft list ruleset)" ]'
    """)
    expect_equal(out, "master br1\n0\n")


def what_cannot_be_a_port_is_refused_as_by_linux(place):
    out = on_host(place, BRIDGE + """
        x ip link set lo master br0 2>&1 || true
        x ip link set nic0 master br0 && echo again
        x nft list tables
    """)
    expect_match(r"\ARTNETLINK answers: Invalid argument\nagain\ntable netdev wireyard-nic0-[0-9]+\n\Z", out)


def a_vlan_stands_on_a_network_card(place):
    out = on_host(place, """
        x ip link add link nic0 name nic0.5 type vlan id 5
        x ip link set nic0.5 up
        x ip addr add 198.51.100.2/24 dev nic0.5
        x ip -o -d link show nic0.5 | grep -o 'nic0.5@nic0\\|vlan protocol 802.1Q id 5'
        x ip addr add 192.0.2.9/24 dev nic0
        echo $(ping -c1 -W5 192.0.2.9 | grep -o '[0-9]* received')
        # The wire's other side of the VLAN: a yard of its own would do; here a program that speaks ARP.
        /usr/bin/python3 arp wire 5 198.51.100.2
        x ip -d link show nic0 | grep -o 'promiscuity.[0-9]'
        x ip link del nic0.5
        await x sh -c 'ip -d link show nic0 | grep "promiscuity 0"'
    """) if (place.cwd / "arp").write_text(ARP) else ""
    expect_match("nic0.5@nic0\nvlan protocol 802.1Q id 5\n1 received\ntag 5 198.51.100.2 is at ", out)
    expect_match("promiscuity 1\n", out)


def macvlans_stand_on_a_network_card_beside_the_hosts_stack(place):
    out = on_host(place, """
        x ip addr add 192.0.2.9/24 dev nic0
        for i in 1 2; do
            x ip netns add guest$i
            x ip link add link nic0 name mv$i type macvlan mode bridge
            x ip link set mv$i netns guest$i
            x ip -n guest$i addr add 192.0.2.1$i/24 dev mv$i
            x ip -n guest$i link set mv$i up
        done
        ping -c2 -i0.2 -W5 192.0.2.11 | grep -o '[0-9]* received'
        ping -c2 -i0.2 -W5 192.0.2.12 | grep -o '[0-9]* received'
        ping -c2 -i0.2 -W5 192.0.2.9 | grep -o '[0-9]* received'
        x ip netns exec guest1 ping -c2 -i0.2 -W5 192.0.2.12 | grep -o '[0-9]* received'
        # As on Linux nobody on the card reaches the stack of the card itself.
        x ip netns exec guest1 ping -c1 -W1 192.0.2.9 | grep -o '[0-9]* received' || true
        x ip link add br0 type bridge
        x ip link set nic0 master br0 2>&1 || true
        ip link del wire
        await not x ip link show nic0
        await not x ip -n guest1 link show mv1
    """)
    expect_equal(out, "2 received\n" * 4 + "0 received\nRTNETLINK answers: Device or resource busy\n")


def a_program_reaches_the_wire_by_a_macvtap_on_a_network_card(place):
    (place.cwd / "guest").write_text(
        "import fcntl, os, struct, sys\n"
        "fd = os.open('/dev/tap' + sys.argv[1], os.O_RDWR)\n"
        "fcntl.ioctl(fd, 0x400454ca, struct.pack('16sH22x', b'', 0x1002))\n"
        "mac = bytes.fromhex('020000000055')\n"
        "os.write(fd, (b'\\xff' * 6 + mac + bytes.fromhex('0806 0001 0800 06 04 0001') + mac + bytes.fromhex('c0000237 000000000000 c0000201')))\n"
        "while True:\n"
        "    f = os.read(fd, 2000)\n"
        "    if f[12:14] == b'\\x08\\x06' and f[20:22] == b'\\0\\2': break\n"
        "print(f[22:28].hex(':'), 'tells', f[:6].hex(':'))\n")
    out = on_host(place, """
        x ip link add link nic0 name mvt0 address 02:00:00:00:00:55 type macvtap mode bridge
        x ip link set mvt0 up
        ip -br link show wire | sed 's/.*\\(..:..:..:..:..:..\\).*/\\1/'
        timeout 20 $wy exec -n x /usr/bin/python3 guest $(x cat /sys/class/net/mvt0/ifindex)
        x ip -o -d link show mvt0 | grep -o 'mvt0@nic0\\|macvtap mode bridge'
    """)
    mac, *rest = out.split("\n")
    expect_equal(rest, [f"{mac} tells 02:00:00:00:00:55", "mvt0@nic0", "macvtap mode bridge", ""])


# Asks who has ADDRESS in a VLAN, and tells the answer and the tag that it bears.
ARP = """
import socket, struct, sys
name, vid, address = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
s.setsockopt(263, 8, 1)
s.bind((name, 0))
s.settimeout(10)
own = s.getsockname()[4]
body = struct.pack("!HHBBH6s4s6s4s", 1, 0x800, 6, 4, 1, own, socket.inet_aton("198.51.100.1"), bytes(6), socket.inet_aton(address))
s.send(b"\\xff" * 6 + own + struct.pack("!HHH", 0x8100, vid, 0x806) + body)
while True:
    frame, info, _, _ = s.recvmsg(2000, 200)
    aux = [struct.unpack("IIIHHHH", c[2]) for c in info]
    if frame[12:14] == b"\\x08\\x06" and frame[20:22] == b"\\0\\x02":
        print("tag", aux[0][5] if aux[0][0] & 16 else None, socket.inet_ntoa(frame[28:32]), "is at", frame[22:28].hex(":"))
        break
"""

sys.exit(run_tests([value for name, value in list(globals().items())
                    if callable(value) and value.__module__ == "__main__" and name != "on_host"], only_root=True))
