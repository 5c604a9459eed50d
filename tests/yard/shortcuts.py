#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# shortcuts - frames that go through the kernel because the engine would hand them on as they
# are: there must be nothing to see of it but the speed.
#
# Each test plays in a yard whose script waits for its next part on standard input.  Numbered datagrams
# flow meanwhile: none may be lost, doubled or overtaken.
import contextlib
import json
import os
import signal
import subprocess
import sys

from helper import Skipped, expect, expect_equal, expect_match, run_tests, until

PAIR = """
ip netns add a; ip netns add b
ip link add va type veth peer name vb
ip link set va netns a; ip link set vb netns b
ip -n a addr add 10.0.0.1/24 dev va; ip -n b addr add 10.0.0.2/24 dev vb
ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n a link set va up; ip -n b link set vb up
ip netns exec a ping -c1 -w5 -q 10.0.0.2 >/dev/null
# Neighbours that are asked again would be counted.
ip -n a neigh replace 10.0.0.2 lladdr $(ip -n b -br link show vb | awk '{print $3}') nud permanent dev va
ip -n b neigh replace 10.0.0.1 lladdr $(ip -n a -br link show va | awk '{print $3}') nud permanent dev vb
"""

# Echoes keep a window, so nothing overflows, and each side keeps to a CPU: see tests/soak/churn.
TRAFFIC = r"""
import os, socket, struct, sys, threading
far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
os.sched_setaffinity(0, {(min if sys.argv[1] == "echo" else max)(os.sched_getaffinity(0))})
if sys.argv[1] == "echo":
    far.bind(("10.0.0.2", 7))
    print("up", flush=True)
    while True:
        data, sender = far.recvfrom(4000)
        far.sendto(data, sender)
near.settimeout(10)
near.connect(("10.0.0.2", 7))
sent = echoed = 0
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
while not stop.is_set() or echoed < sent:
    while not stop.is_set() and sent - echoed < 32:
        near.send(struct.pack("!Q", sent) * 20)
        sent += 1
    if echoed < sent:
        number = struct.unpack("!Q", near.recv(4000)[:8])[0]
        if number != echoed:
            sys.exit(f"{number} came where {echoed} was due")
        echoed += 1
print(echoed)
"""


def pair(place, after=""):
    (probe,) = [p for p in json.loads(place.run("doctor", "--json").stdout) if p["name"] == "shortcuts"]
    if probe["text"] != "can be made":
        raise Skipped(probe["text"])
    return place.running(PAIR + after + "\necho up; exec sleep 1000", name="x")


def sh(place, script):
    return place.good("exec", "-n", "x", "sh", "-ec", script)


def number(place):
    with place.connect("x") as client:
        client.send(b'{"do": "info"}')
        return json.loads(client.recv(65536))["shortcuts"]


def counters(place, netns, device):
    (link,) = json.loads(sh(place, f"ip -n {netns} -s -j link show {device}"))
    stats = link["stats64"]
    return {"rx": stats["rx"]["packets"], "tx": stats["tx"]["packets"],
            "rx_bytes": stats["rx"]["bytes"], "tx_bytes": stats["tx"]["bytes"]}


@contextlib.contextmanager
def traffic(place):
    """Datagrams and their echoes, until the end of the block; then they must all be there."""
    words = ("exec", "-n", "x", "ip", "netns", "exec")
    with place.start(*words, "b", "python3", "-c", TRAFFIC, "echo") as echo:
        expect_equal(echo.stdout.readline(), "up\n")
        try:
            with place.start(*words, "a", "python3", "-c", TRAFFIC, "send", stdin=subprocess.PIPE) as send:
                yield
                out, complaint = send.communicate()
                expect_equal((send.returncode, complaint), (0, ""), "the traffic")
                expect(int(out) > 0, "datagrams were sent")
        finally:
            os.killpg(echo.pid, signal.SIGKILL)


def a_pair_that_is_up_has_one_each_way_and_none_when_down(place):
    with pair(place):
        expect_equal(number(place), 2)
        sh(place, "ip -n b link set vb down")
        expect_match("NO-CARRIER", sh(place, "ip -n a link show va"))
        sh(place, "ip -n b link set vb up; ip netns exec a ping -c1 -w5 -q 10.0.0.2")
        expect_equal(number(place), 2)
        sh(place, "ip -n a link del va")
        expect_equal(number(place), 0)
        place.good("rm", "x")


def off_means_none_and_all_works(place):
    with place.running(PAIR + "echo up; exec sleep 1000", name="x", env={"WIREYARD_SHORTCUTS": "off"}):
        expect_equal(number(place), 0)
        before = counters(place, "a", "va")
        with traffic(place):
            until(lambda: counters(place, "a", "va")["tx"] > before["tx"] + 100, "counters go on")
        place.good("rm", "x")
    expect_match("neither on nor off", place.run("run", "true", env={"WIREYARD_SHORTCUTS": "yes"}).stderr)


def counters_are_right_at_once(place):
    with pair(place):
        before = [counters(place, *end) for end in (("a", "va"), ("b", "vb"))]
        sh(place, "ip netns exec a ping -c10 -i0.01 -q -s 1000 10.0.0.2")
        after = [counters(place, *end) for end in (("a", "va"), ("b", "vb"))]
        for old, new in zip(before, after):
            for key in ("rx", "tx"):
                expect_equal(new[key] - old[key], 10, key)
                expect_equal(new[key + "_bytes"] - old[key + "_bytes"], 10 * 1042, key + "_bytes")
        place.good("rm", "x")


def nothing_is_counted_twice_when_it_ends(place):
    """A smaller MTU at one end makes the engine look at what the other sends."""
    with pair(place):
        before = counters(place, "b", "vb")
        sh(place, """ip netns exec a ping -c10 -i0.01 -q 10.0.0.2; ip -n b link set vb mtu 1400
                     ip netns exec a ping -c10 -i0.01 -q 10.0.0.2""")
        expect_equal(number(place), 1)
        after = counters(place, "b", "vb")
        expect_equal([after[key] - before[key] for key in ("rx", "tx")], [20, 20])
        sh(place, "ip -n b link set vb mtu 1500; ip netns exec a ping -c10 -i0.01 -q 10.0.0.2")
        expect_equal(number(place), 2)
        after = counters(place, "b", "vb")
        expect_equal([after[key] - before[key] for key in ("rx", "tx")], [30, 30])
        place.good("rm", "x")


def what_is_too_big_is_dropped_by_its_name(place):
    with pair(place):
        sh(place, "ip -n b link set vb mtu 1000; ip netns exec a ping -c3 -i0.01 -W0.2 -q -s 1400 10.0.0.2 || true")
        rows = json.loads(place.good("drops", "-n", "x", "--json"))
        expect_equal([(row["name"], row["drops"].get("TOO_BIG")) for row in rows], [("va", 3)])
        place.good("rm", "x")


def none_is_lost_or_overtaken_while_ways_change(place):
    """A smaller MTU takes one shortcut away under the traffic, a macvlan on top both; the first return
    may overtake what the engine holds, so they come back when the traffic has stopped."""
    with pair(place):
        for _ in range(3):
            before = counters(place, "b", "vb")
            with traffic(place):
                until(lambda: counters(place, "b", "vb")["rx"] > before["rx"] + 100, "traffic flows")
                sh(place, "ip -n b link set vb mtu 1400; ip -n b link add link vb name m0 type macvlan")
                expect_equal(number(place), 0)
            sh(place, "ip -n b link del m0; ip -n b link set vb mtu 1500")
            expect_equal(number(place), 2)
        place.good("rm", "x")


def a_moved_end_keeps_working(place):
    with pair(place):
        sh(place, """ip netns add c; ip -n b link set vb netns c; ip -n c addr add 10.0.0.2/24 dev vb; ip -n c link set vb up
                     ip netns exec a ping -c3 -i0.01 -w5 -q 10.0.0.2""")
        expect_equal(number(place), 2)
        place.good("rm", "x")


def an_end_that_joins_a_bridge_hands_its_frames_to_it(place):
    with pair(place, """
            ip netns exec b ip link add br0 type bridge; ip -n b link set br0 up
            ip -n b link add vc type veth peer name vd netns a
            ip -n a addr add 10.0.1.1/24 dev vd; ip -n a link set vd up; ip -n b link set vc up"""):
        expect_equal(number(place), 4)
        before = counters(place, "b", "vb")
        sh(place, """ip -n b addr del 10.0.0.2/24 dev vb; ip -n b addr add 10.0.0.2/24 dev br0
                     ip -n b link set vb master br0; ip netns exec a ping -c5 -i0.01 -w9 -q 10.0.0.2""")
        expect(number(place) < 4, "the engine gets what is the bridge's")
        expect(counters(place, "b", "vb")["rx"] - before["rx"] >= 5, "the port counts")
        sh(place, """ip -n b link set vb nomaster; ip -n b addr del 10.0.0.2/24 dev br0
                     ip -n b addr add 10.0.0.2/24 dev vb; ip -n a neigh flush all; ip -n b neigh flush all
                     ip netns exec a ping -c3 -i0.01 -w9 -q 10.0.0.2""")
        expect_equal(number(place), 4)
        place.good("rm", "x")


def an_engine_that_is_killed_leaves_nothing(place):
    with pair(place):
        expect_equal(number(place), 2)
        os.kill(place.engine(), signal.SIGKILL)
        until(lambda: not place.inits() or not place.left(), "the yard ends")
        place.run("ls")  # sweeps
        place.expect_nothing_left()


sys.exit(run_tests([
    a_pair_that_is_up_has_one_each_way_and_none_when_down, off_means_none_and_all_works, counters_are_right_at_once,
    nothing_is_counted_twice_when_it_ends, what_is_too_big_is_dropped_by_its_name,
    none_is_lost_or_overtaken_while_ways_change, a_moved_end_keeps_working,
    an_end_that_joins_a_bridge_hands_its_frames_to_it, an_engine_that_is_killed_leaves_nothing,
]))
