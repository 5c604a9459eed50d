#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# capture - tcpdump on a port of a bridge sees what is switched there, and changes nothing.
import re
import sys

from helper import expect, expect_equal, run_tests

# Two guests on a bridge, either in the yard's first namespace or in one of its own.
WORLD = """
set -eo pipefail
await() { for _ in $(seq 200); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.05; done; echo "not in time: $*"; exit 1; }
here() { $in "$@"; }
shielded() { here nft list tables | grep -q "wireyard-$1-"; }
unshielded() { [ -z "$(here nft list ruleset)" ]; }
# Capture into FILE: the filter leaves out what the stacks say of themselves.
capture() { (exec $in tcpdump -l -eni "$1" 'icmp or arp') >"$2" 2>"$2.err" & dumping=$!; await grep listening "$2.err"; }
[ -z "$in" ] || ip netns add middle
here ip link add br0 type bridge
here ip addr add 10.0.0.254/24 dev br0
here ip link set br0 up
for i in 1 2; do
    ip netns add n$i
    here ip link add p$i type veth peer name eth0 netns n$i
    here ip link set p$i master br0 up
    ip -n n$i link set eth0 address 02:00:00:00:00:0$i
    ip -n n$i addr add 10.0.0.$i/24 dev eth0
    ip -n n$i link set eth0 up
done
await ip netns exec n1 ping -c1 -W1 10.0.0.2
"""
PLACES = ("", "ip netns exec middle")


def in_world(place, where, script):
    return place.good("run", "bash", "-c", WORLD + script, env={"in": where})


def what_is_switched_is_seen_once(place):
    for where in PLACES:
        log = in_world(place, where, """
            capture p1 log
            await shielded p1
            ip netns exec n1 ping -c2 -i0.2 -W5 10.0.0.2 >pinged
            grep -q ' 0% packet loss' pinged
            if grep -q DUP pinged; then cat pinged; exit 1; fi
            await grep -q 'echo reply.*seq 2' log
            kill $dumping; wait $dumping || true
            cat log
        """)
        for n in (1, 2):
            request = rf"02:00:00:00:00:01 > 02:00:00:00:00:02.* 10.0.0.1 > 10.0.0.2: ICMP echo request, id \d+, seq {n},"
            reply = rf"02:00:00:00:00:02 > 02:00:00:00:00:01.* 10.0.0.2 > 10.0.0.1: ICMP echo reply, id \d+, seq {n},"
            expect_equal((len(re.findall(request, log)), len(re.findall(reply, log))), (1, 1), log)


def the_stack_of_a_port_does_not_answer_what_it_is_shown(place):
    for where in PLACES:
        log = in_world(place, where, """
            capture p1 log
            await shielded p1
            ip netns exec n1 tcpdump -l -eni eth0 arp >seen 2>seen.err & guest=$!
            await grep listening seen.err
            ip -n n1 neigh flush dev eth0
            ip netns exec n1 ping -c1 -W5 10.0.0.254 >/dev/null
            await grep -q 'Reply 10.0.0.254' seen
            sleep 0.3
            kill $dumping $guest; wait || true
            cat seen
        """)
        expect_equal(log.count("Reply 10.0.0.254 is-at"), 1, log)


def what_the_port_sends_itself_is_seen_once_too(place):
    out = in_world(place, "", """
        capture p1 log
        await shielded p1
        ip netns exec n1 tcpdump -l -eni eth0 arp >seen 2>seen.err & guest=$!
        await grep listening seen.err
        ip addr add 10.9.9.1/24 dev p1
        ping -c1 -W1 10.9.9.2 >/dev/null || true
        ip addr del 10.9.9.1/24 dev p1
        sleep 0.2
        await cmp -s <(grep -c 10.9.9.2 log) <(grep -c 10.9.9.2 seen)
        kill $dumping $guest; wait || true
        grep -c 'who-has 10.9.9.2' log
        grep -c 'who-has 10.9.9.2' seen
    """)
    shown, sent = out.split()
    expect(int(sent) > 0 and shown == sent, f"{shown} shown, {sent} sent")


def a_programs_tap_is_a_port_like_any_other(place):
    (place.cwd / "guest").write_text(
        "import fcntl, os, struct\n"
        "fd = os.open('/dev/net/tun', os.O_RDWR)\n"
        "fcntl.ioctl(fd, 0x400454ca, struct.pack('16sH22x', b'tap0', 0x1002)); print('up', flush=True)\n"
        "input()\n"
        "frame = bytes.fromhex('ffffffffffff 020000000009 0806 0001 0800 06 04 0001 020000000009 0a000009 000000000000 0a000002')\n"
        "os.write(fd, frame.ljust(60, b'\\0'))\n"
        "while True:\n"
        "    f = os.read(fd, 2000)\n"
        "    if f[12:14] == b'\\x08\\x06' and f[20:22] == b'\\0\\2': break\n"
        "print('answered', flush=True)\n"
        "input()\n")
    log = in_world(place, "", """
        mkfifo words; exec 7<>words
        /usr/bin/python3 guest <&7 >said & program=$!
        await grep up said
        ip link set tap0 master br0 up
        capture tap0 log
        await shielded tap0
        echo >&7
        await grep answered said
        await grep Reply log
        kill $dumping $program; wait || true
        cat log
    """)
    expect_equal((log.count("Request who-has 10.0.0.2 tell 10.0.0.9"), log.count("Reply 10.0.0.2 is-at 02:00:00:00:00:02")),
                 (1, 1), log)


def who_listens_without_promiscuity_sees_it_too(place):
    for where in PLACES:
        for words, device in (("-p -i p1", "p1"), ("-i any", "any")):
            log = in_world(place, where, f"""
                (exec $in tcpdump -l -en {words} icmp) >log 2>log.err & dumping=$!
                await grep listening log.err
                await shielded p1
                ip netns exec n1 ping -c1 -W5 10.0.0.2 >pinged
                await grep -q 'echo reply.*seq 1' log
                sleep 0.2
                kill $dumping; wait $dumping || true
                await unshielded
                cat log
            """)
            seen = 2 if device == "any" else 1  # at both ports
            expect_equal((log.count("ICMP echo request"), log.count("ICMP echo reply")), (seen, seen), log)


# A VLAN device and a macvlan on one device, whose other end is in a namespace of its own.
LOWER = """
here ip link add e0 type veth peer name wire netns n1
here ip link set e0 up
ip -n n1 link set wire up
here ip link add link e0 name v5 type vlan id 5
ip -n n1 link add link wire name v5 type vlan id 5
here ip link add link e0 name mv type macvlan mode bridge
here ip link add link e0 name mw netns n2 type macvlan mode bridge
here ip addr add 10.5.0.1/24 dev v5; here ip link set v5 up
ip -n n1 addr add 10.5.0.2/24 dev v5; ip -n n1 link set v5 up
here ip addr add 10.6.0.1/24 dev mv; here ip link set mv up
ip -n n2 addr add 10.6.0.3/24 dev mw; ip -n n2 link set mw up
ip -n n1 addr add 10.6.0.2/24 dev wire
await here ping -c1 -W1 10.5.0.2
await here ping -c1 -W1 10.6.0.2
await here ping -c1 -W1 10.6.0.3
"""


def a_lower_device_shows_what_stands_on_it(place):
    for where in PLACES:
        for promiscuous in ("", "-p"):
            log = in_world(place, where, LOWER + f"""
                (exec $in tcpdump {promiscuous} -l -eni e0 icmp) >log 2>log.err & dumping=$!
                await grep listening log.err
                show() {{ here ping -s 10 -c1 -W1 10.5.0.2 >/dev/null; grep -q 'vlan 5' log; }}
                await show
                for to in 10.5.0.2 10.6.0.2 10.6.0.3; do here ping -c1 -W5 $to >pinged; if grep -q DUP pinged; then cat pinged; exit 1; fi; done
                await grep -q '10.6.0.3 > 10.6.0.1: ICMP echo reply' log
                sleep 0.2
                [ -z "$(here nft list ruleset)" ]
                kill $dumping; wait $dumping || true
                cat log
            """)
            for tag, other in (("vlan 5", "10.5.0.2"), ("", "10.6.0.2"), ("", "10.6.0.3")):
                own = other[:-1] + "1"
                for way in (f"{own} > {other}: ICMP echo request", f"{other} > {own}: ICMP echo reply"):
                    found = [line for line in log.splitlines() if way in line and tag in line and "length 64" in line]
                    expect_equal(len(found), 1, f"{way} {tag}: {log}")


def nothing_is_left_when_nobody_listens(place):
    for where in PLACES:
        out = in_world(place, where, """
            await unshielded
            for signal in TERM KILL; do
                capture p1 log
                await shielded p1
                capture p2 log2
                await shielded p2
                kill -$signal $(jobs -p); wait 2>/dev/null || true
                await unshielded
            done
            # A port that is none any more is no case for it, and one again is.
            capture p1 log
            await shielded p1
            here ip link set p1 nomaster
            await unshielded
            here ip link set p1 master br0
            await shielded p1
            here ip link del p1
            await unshielded
            wait || true
            echo done
        """)
        expect_equal(out, "done\n")


sys.exit(run_tests([value for name, value in list(globals().items())
                    if callable(value) and value.__module__ == "__main__" and name != "in_world"]))
