#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""tcp - traffic between two namespaces over a veth pair, or two and a bridge: wireyard's against
the kernel's.

	bench/tcp.py [--runs N] [--seconds S] [--only WORD]

TCP by iperf3, small UDP datagrams by iperf3, and round trips by ping, idle and flooding.  The
pair is made in both ways that users make it: "moved" (both ends made at home, then moved by
`ip link set netns`) and "born" (`ip link add ... peer name X netns N`).  "bridge": each
namespace has a veth of its own, whose other end is a port of a bridge at home.  "pinned": client
and server each on a core of their own; "free": the scheduler places them.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

import lib

ADDRESS = {"a": "10.83.0.1", "b": "10.83.0.2"}


def cable(how):
    """Two namespaces, a and b, and a veth pair between them, or two and a bridge."""
    for name in "ab":
        lib.sh("ip", "netns", "add", name)
        lib.sh("ip", "-n", name, "link", "set", "lo", "up")
    if how == "bridge":
        lib.sh("ip", "link", "add", "br0", "type", "bridge")
        lib.sh("ip", "link", "set", "br0", "up")
        for name in "ab":
            lib.sh("ip", "link", "add", "p" + name, "type", "veth", "peer", "name", "e0", "netns", name)
            lib.sh("ip", "link", "set", "p" + name, "master", "br0", "up")
    elif how == "born":
        lib.sh("ip", "-n", "a", "link", "add", "e0", "type", "veth", "peer", "name", "e0", "netns", "b")
    else:
        lib.sh("ip", "link", "add", "ea", "type", "veth", "peer", "name", "eb")
        for name in "ab":
            lib.sh("ip", "link", "set", "e" + name, "netns", name)
            lib.sh("ip", "-n", name, "link", "set", "e" + name, "name", "e0")
    for name in "ab":
        lib.sh("ip", "-n", name, "addr", "add", ADDRESS[name] + "/24", "dev", "e0")
        lib.sh("ip", "-n", name, "link", "set", "e0", "up")
    subprocess.run(["ip", "netns", "exec", "a", "ping", "-c1", "-w10", "-q", ADDRESS["b"]],
                   check=True, stdout=subprocess.DEVNULL)


def pinned(cpu, on):
    return ["taskset", "-c", str(cpu)] if on and os.cpu_count() > 1 else []


def iperf(args, pin):
    """Run a server in b and a client in a; give the client's report."""
    server = subprocess.Popen(["ip", "netns", "exec", "b", *pinned(1, pin), "iperf3", "-s", "-1"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            listening = subprocess.run(["ip", "netns", "exec", "b", "ss", "-Hltn", "sport = :5201"],
                                       stdout=subprocess.PIPE, check=False).stdout
            if listening:
                break
            time.sleep(0.02)
        client = subprocess.run(["ip", "netns", "exec", "a", *pinned(0, pin), "iperf3", "-J", "-c", ADDRESS["b"], *args],
                                stdout=subprocess.PIPE, check=False, timeout=120)
        report = json.loads(client.stdout)
        if "error" in report:
            raise RuntimeError("iperf3: " + report["error"])
        return report["end"]
    finally:
        server.terminate()
        server.wait()


def ping(args, pin):
    """Give the round-trip times in microseconds, or with -q their average, and the loss in percent."""
    text = lib.sh("ip", "netns", "exec", "a", *pinned(0, pin), "ping", "-n", *args, ADDRESS["b"])
    times = [1000 * float(value) for value in re.findall(r"time=([\d.]+) ms", text)]
    average = re.search(r"= [\d.]+/([\d.]+)/", text)
    loss = float(re.search(r"([\d.]+)% packet loss", text).group(1))
    return times or [1000 * float(average.group(1))], loss


def inside(how, seconds, pin):
    cable(how)
    found = {}
    end = iperf(["-t", seconds], pin)
    found["tcp"] = end["sum_received"]["bits_per_second"] / 1e9
    end = iperf(["-t", seconds, "-u", "-l", "32", "-b", "0"], pin)["sum"]
    found["udp32"] = (end["packets"] - end["lost_packets"]) / end["seconds"] / 1e3
    times, _ = ping(["-c", "100", "-i", "0.02"], False)
    found["ping_idle"] = statistics.median(times)
    times, found["flood_loss"] = ping(["-f", "-c", "5000", "-q"], False)
    found["ping_flood"] = times[0]
    print(json.dumps(found))


WHAT = [  # key, name, unit, better
    ("tcp", "tcp", "Gbit/s", "higher"),
    ("udp32", "udp-32-bytes", "kpps received", "higher"),
    ("ping_idle", "ping-idle", "us", "lower"),
    ("ping_flood", "ping-flood", "us", "lower"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", default="3")
    parser.add_argument("--only", default="", help="rows whose name holds this word")
    parser.add_argument("--inside", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        how, seconds, pin = args.inside
        return inside(how, seconds, pin == "pinned")
    for how in ("moved", "born", "bridge"):
        for pin in ("pinned", "free"):
            if args.only not in f"{how}/{pin}":
                continue
            probes = []

            def sample(which, how=how, pin=pin, probes=probes):
                probes.append(lib.probe())
                return lib.inside(which, __file__, how, args.seconds, pin)

            taken = lib.by_turns(args.runs, sample)
            near = [value for value in probes if value is not None]
            for key, name, unit, better in WHAT:
                if pin == "free" and key.startswith("ping"):
                    continue  # ping is not pinned; once is enough
                label = f"{name}/{how}" if key.startswith("ping") else f"{name}/{how}/{pin}"
                values = {which: [found[key] for found in taken[which]] for which in taken}
                more = {"c2c_ns": lib.spread(near)} if near else {}
                lib.record("tcp", label, unit, better, values,
                           rival_is="kernel veth, bridge, veth" if how == "bridge" else "kernel veth", **more)
    return 0


if __name__ == "__main__":
    sys.exit(main())
