#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# shortcuts - frames that go through the kernel because the engine would hand them on as they
# are: there must be nothing to see of it but the speed.
#
# Each test plays in a yard whose script waits for its next part on standard input.  Numbered datagrams
# flow meanwhile: none may be lost, doubled or overtaken.
import json
import os
import signal
import sys

from helper import expect, expect_equal, expect_match, run_tests, until
from traffic import counters, info, need_shortcuts, sh, traffic

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

def pair(place, after=""):
    need_shortcuts(place)
    return place.running(PAIR + after + "\necho up; exec sleep 1000", name="x")


def number(place):
    return info(place, "shortcuts")


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
