#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# net - libvirt's default network in a yard: leases, names, NAT, the uplink, and a clean end.
import contextlib
import json
import os
import signal
import subprocess
import sys

from helper import PATIENCE, expect, expect_equal, expect_match, run_tests, until

# What udhcpc runs when it has a lease.
LEASED = """#!/bin/sh
[ "$1" = bound ] || exit 0
ip addr add "$ip/$mask" dev "$interface"
ip route add default via "$router"
echo "nameserver $dns" >"$HOME/resolv"
"""
# Ports of virbr0 wait through two forward delays of two seconds first, as libvirt's do.
CLIENT = """
ip netns add client
ip link add port0 type veth peer name eth0 netns client
ip link set port0 master virbr0 up
ip -n client link set lo up
ip -n client link set eth0 up
ip netns exec client busybox udhcpc -n -q -i eth0 -s ./leased -t 15 -T 1 -x hostname:guest 2>&1
"""
# A server behind another of the yard's namespaces, which tells whom it sees.
SEEN = """
import socket, sys
server = socket.create_server((sys.argv[1], 7000))
print("up", flush=True)
while True:
    client, (address, _) = server.accept()
    client.sendall(address.encode())
    client.close()
"""
ASK = "import socket, sys; print(socket.create_connection((sys.argv[1], 7000), timeout=10).recv(99).decode())"


def complaint(place, pattern, *words):
    done = place.run(*words)
    expect_match(r"\Awireyard: [^\n]*\n\Z", done.stderr, "standard error")
    expect_match(pattern, done.stderr, "the sentence")
    expect(done.returncode != 0, "the status tells of a failure")


def inside(place, script, name="x"):
    return place.good("exec", "-n", name, "sh", "-ec", script)


@contextlib.contextmanager
def yard(place, *how):
    """A yard "x" with the network, which a client may join."""
    (place.cwd / "leased").write_text(LEASED)
    os.chmod(place.cwd / "leased", 0o755)
    (place.cwd / "seen").write_text(SEEN)
    (place.cwd / "ask").write_text(ASK)
    place.good("run", "-n", "x", "true")
    try:
        place.good("net", "default", "-n", "x", *how)
        yield
    finally:
        place.run("rm", "x")


def traces(place):
    """What there is in the yard "x" of the network."""
    out = inside(place, "ip -o link; nft list tables; cat /proc/sys/net/ipv4/ip_forward; ps -A -o args=")
    return [word for word in ("virbr0", "table ip", "dnsmasq", "wireyard net") if word in out] + (
        ["forwarding"] if "\n1\n" in out else [])


def a_client_gets_a_lease_and_asks_for_names(place):
    with yard(place):
        expect_match(r"192\.168\.122\.1/24 brd 192\.168\.122\.255", inside(place, "ip -4 -o addr show virbr0"))
        expect_match("lease of 192.168.122.[0-9]+ obtained from 192.168.122.1", inside(place, CLIENT))
        expect_match("nameserver 192.168.122.1\n", (place.cwd / "resolv").read_text())
        inside(place, "ip netns exec client ping -c1 -W5 192.168.122.1")
        for name, address in (("gateway", "192.168.122.1"), ("guest", "192.168.122.[0-9]+")):
            out = inside(place, f"ip netns exec client busybox nslookup {name} 192.168.122.1")
            expect_match(rf"Name:\s+{name}\s+Address: {address}\n", out)
        (lan,) = json.loads(place.good("net", "ls", "-n", "x", "--json"))
        expect_equal({k: lan[k] for k in ("name", "bridge", "network", "uplink")},
                     {"name": "default", "bridge": "virbr0", "network": "192.168.122.0/24", "uplink": False})
        (lease,) = lan["leases"]
        expect_equal(lease["name"], "guest")
        expect_match(f" {lease['address']}/24", inside(place, "ip -n client -4 -o addr show eth0"))
        expect_match(r"default +virbr0 +192\.168\.122\.0/24 +no +1\n", inside(place, f"{place.stage.wireyard} net ls"))


def a_client_reaches_elsewhere_by_nat_and_nobody_reaches_it(place):
    with yard(place):
        inside(place, CLIENT + """
            ip netns add far
            ip link add near type veth peer name eth0 netns far
            ip addr add 10.9.9.1/24 dev near
            ip link set near up
            ip -n far addr add 10.9.9.2/24 dev eth0
            ip -n far link set eth0 up
            ip -n far route add default via 10.9.9.1
        """)
        with place.start("exec", "-n", "x", "ip", "netns", "exec", "far", "/usr/bin/python3", "seen", "10.9.9.2") as server:
            try:
                expect_equal(server.stdout.readline(), "up\n")
                asked = inside(place, "ip netns exec client /usr/bin/python3 ask 10.9.9.2")
                expect_equal(asked, "10.9.9.1\n", "whom the server sees")
            finally:
                server.kill()
        (lan,) = json.loads(place.good("net", "ls", "-n", "x", "--json"))
        done = place.run("exec", "-n", "x", "ip", "netns", "exec", "far", "ping", "-c1", "-W5",
                         lan["leases"][0]["address"])
        expect_match("Destination Port Unreachable", done.stdout, "a ping from elsewhere")


def rm_takes_all_of_it_away(place):
    with yard(place):
        expect_equal(traces(place), ["virbr0", "table ip", "dnsmasq", "wireyard net", "forwarding"])
        inside(place, "ip netns add pinned; ip netns del pinned")
        place.good("net", "rm", "-n", "x", "default")
        expect_equal(traces(place), [])
        expect_equal(json.loads(place.good("net", "ls", "-n", "x", "--json")), [])
        complaint(place, 'no network "default"', "net", "rm", "-n", "x", "default")
        place.good("net", "default", "-n", "x")


def what_was_there_before_stays_when_it_fails(place):
    with yard(place):
        complaint(place, 'network "default" is there already', "net", "default", "-n", "x")
        expect_equal(traces(place), ["virbr0", "table ip", "dnsmasq", "wireyard net", "forwarding"])
    place.good("run", "-n", "x", "sh", "-ec", "ip link add virbr0 type dummy")
    complaint(place, "virbr0 cannot be made: .*File exists", "net", "default", "-n", "x")
    expect_equal(traces(place), ["virbr0"])
    place.good("rm", "x")


def a_failure_undoes_what_was_done(place):
    for tool, package in (("nft", "nftables"), ("dnsmasq", "dnsmasq-base")):
        hide = f'PATH=$PATH:/usr/sbin:/sbin; for dir in /usr/sbin /sbin /usr/bin; do mount --bind /dev/null $dir/{tool}; done 2>/dev/null; '
        # The mount is the shell's own: what it hides is there for everyone else.
        done = place.run("run", "-n", "x", "unshare", "-m", "sh", "-c",
                         hide + f"{place.stage.wireyard} net default; echo $?; {place.stage.wireyard} net ls")
        expect_equal((done.stdout, done.stderr), ("1\n", f"wireyard: {tool} is missing: install the package {package}\n"))
        expect_equal(traces(place), [])
        place.good("rm", "x")


def a_killed_keeper_takes_dnsmasq_along_and_rm_sweeps(place):
    with yard(place):
        (lan,) = json.loads(place.good("net", "ls", "-n", "x", "--json"))
        inside(place, f"kill -9 {lan['pid']}")
        until(lambda: "dnsmasq" not in traces(place), "dnsmasq has ended")
        place.good("net", "rm", "-n", "x", "default")
        expect_equal(traces(place), ["forwarding"])


def nothing_is_left_when_the_yard_is_killed(place):
    place.good("run", "-n", "x", "true")
    place.good("net", "default", "-n", "x")
    os.kill(place.init(), signal.SIGKILL)
    until(lambda: not place.listed(), "the yard has ended")
    place.expect_nothing_left()


def it_is_only_made_in_a_yard(place):
    for words in (("default",), ("ls",), ("rm", "default")):
        done = place.run("net", *words, env={"WIREYARD": "x"})
        expect_equal((done.returncode, done.stderr),
                     (1, "wireyard: this is not in a yard: say which one with -n NAME\n"))
    complaint(place, 'there is no yard "x"', "net", "default", "-n", "x")
    for pattern, *words in (("which network", "rm"), ("no network but", "rm", "other"), ("too much", "default", "more"),
                            ("what shall be done", ), ('there is no "start"', "start"), ("--json is for", "default", "--json"),
                            ("--uplink is for", "ls", "--uplink")):
        done = place.run("net", *words)
        expect_equal(done.returncode, 2)
        expect_match(pattern, done.stderr)
    with yard(place):
        done = place.run("exec", "-n", "x", place.stage.wireyard, "net", "default", "--uplink")
        expect_match("granted outside: wireyard net default -n x --uplink\n", done.stderr)


# In a namespace that stands for the host: servers at an address of its own and on its loopback.
STAND_IN = """
trap 'kill $one $two' EXIT
ip link set lo up
ip addr add 203.0.113.1/32 dev lo
/usr/bin/python3 seen 203.0.113.1 >up1 & one=$!
/usr/bin/python3 seen 127.0.0.1 >up2 & two=$!
until [ -s up1 ] && [ -s up2 ]; do sleep 0.05; done
wy=$WIREYARD_UNDER_TEST
$wy run -n x true
ask() { $wy exec -n x $1 /usr/bin/python3 ask $2 2>&1 | tail -n1; }
$wy net default -n x
echo "without: $(ask '' 203.0.113.1)"
$wy net rm -n x default
$wy net default -n x --uplink
echo "with: $(ask '' 203.0.113.1)"
echo "loopback: $(ask '' 10.0.2.2)"
$wy exec -n x sh -ec '%s' >/dev/null
echo "client: $(ask 'ip netns exec client' 203.0.113.1)"
$wy net ls -n x
%s
"""


def stand_in(place, last):
    yard_files = (("leased", LEASED), ("seen", SEEN), ("ask", ASK))
    for name, text in yard_files:
        (place.cwd / name).write_text(text)
        os.chmod(place.cwd / name, 0o755)
    prefix = place.words("x")[:-2]
    unshare = ["unshare", "-n"] if place.uid == 0 else ["unshare", "-Urn"]
    done = subprocess.run([*prefix, *unshare, "sh", "-ec", STAND_IN % (CLIENT, last)], text=True, capture_output=True,
                          cwd=place.cwd, env=place.environment({"WIREYARD_UNDER_TEST": str(place.stage.wireyard)}),
                          timeout=3 * PATIENCE, check=False, start_new_session=True)
    expect_equal(done.stderr, "", "standard error")
    return done.stdout


def the_uplink_leads_to_the_host_and_not_to_its_loopback(place):
    out = stand_in(place, """
        $wy net rm -n x default
        until ! $wy exec -n x ip link show uplink0 >/dev/null 2>&1; do sleep 0.05; done
        $wy rm x""")
    expect_match("without: .*unreachable", out)
    expect_match("with: 203.0.113.1\n", out)
    expect_match("loopback: .*([Rr]efused|unreachable|timed out|reset)", out)
    expect_match("client: 203.0.113.1\n", out)
    expect_match(r"192\.168\.122\.0/24 +yes +1\n", out)


def the_uplink_ends_with_a_yard_that_is_killed(place):
    stand_in(place, "kill -9 $($wy ls --json | sed -n 's/.*\"pid\": //p' | tr -d ,)")
    until(lambda: not place.listed(), "the yard has ended")


sys.exit(run_tests([value for name, value in list(globals().items())
                    if callable(value) and value.__module__ == "__main__"
                    and name not in ("complaint", "inside", "yard", "traces", "stand_in")]))
