#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""relay - what mirrors cost without an engine: bench/relay.c between two namespaces.

	bench/relay.py [--runs N] [--seconds S] [--pin free|apart|same] [RELAY-OPTIONS ...]

Each RELAY-OPTIONS is one word of options of the program, as "-c1 -s50" or "-p -s50"; "veth" is
the kernel's veth without any relay.  All run by turns; the table gives medians (min-max).
Started without a private mount and network namespace it makes itself one.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

BUILD = pathlib.Path(os.environ.get("BUILD", pathlib.Path(__file__).resolve().parent.parent / "build"))
PINS = {"free": ([], []), "apart": (["taskset", "-c", "0"], ["taskset", "-c", "1"]),
        "same": (["taskset", "-c", "1"], ["taskset", "-c", "1"])}


def sh(*words, **more):
    return subprocess.run(words, check=True, text=True, stdout=subprocess.PIPE, **more).stdout


def inside(netns, *words):
    return ["ip", "netns", "exec", netns, *words]


def cable(options):
    """Two namespaces with a device e0 each and what carries frames between: gives the process."""
    for name in "ab":
        sh("ip", "netns", "add", name)
        sh("ip", "-n", name, "link", "set", "lo", "up")
    relay = None
    if options == "veth":
        sh("ip", "-n", "a", "link", "add", "e0", "type", "veth", "peer", "name", "e0", "netns", "b")
    else:
        relay = subprocess.Popen([BUILD / "bench" / "relay", *options.split(), "/run/netns/a", "/run/netns/b"],
                                 stdout=subprocess.PIPE, text=True)
        assert relay.stdout.readline() == "ready\n"
    for number, name in enumerate("ab", 1):
        sh("ip", "-n", name, "addr", "add", f"10.9.0.{number}/24", "dev", "e0")
        sh("ip", "-n", name, "link", "set", "e0", "up")
    sh(*inside("a", "ping", "-c1", "-w10", "-q", "10.9.0.2"))
    return relay


def iperf(pin, *words):
    client, server = PINS[pin]
    listen = subprocess.Popen(inside("b", *server, "iperf3", "-s", "-1"), stdout=subprocess.DEVNULL)
    while not sh(*inside("b", "ss", "-Hltn", "sport = :5201")):
        time.sleep(0.02)
    report = json.loads(subprocess.run(inside("a", *client, "iperf3", "-J", "-c", "10.9.0.2", *words),
                                       stdout=subprocess.PIPE, text=True, check=False).stdout)
    listen.wait()
    return report["end"]


def cpu_of(process):
    """Seconds of CPU that it has used."""
    if not process:
        return 0
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(options, args):
    relay = cable(options)
    found = {}
    try:
        if "tcp" in args.what:
            before = cpu_of(relay)
            end = iperf(args.pin, "-t", args.seconds)
            found["TCP Gbit/s"] = end["sum_received"]["bits_per_second"] / 1e9
            found["sender %"] = end["cpu_utilization_percent"]["host_total"]
            found["receiver %"] = end["cpu_utilization_percent"]["remote_total"]
            found["retransmits"] = end["sum_sent"]["retransmits"]
            found["relay %"] = 100 * (cpu_of(relay) - before) / float(args.seconds)
        if "udp" in args.what:
            end = iperf(args.pin, "-t", args.seconds, "-u", "-l", "32", "-b", "0")["sum"]
            found["UDP 32 kpps"] = (end["packets"] - end["lost_packets"]) / end["seconds"] / 1e3
        if "ping" in args.what:
            text = sh(*inside("a", "ping", "-n", "-c", "50", "-i", "0.02", "10.9.0.2"))
            found["ping us"] = statistics.median(float(ms) for ms in re.findall(r"time=([\d.]+)", text)) * 1e3
            text = sh(*inside("a", "ping", "-n", "-q", "-f", "-c", "5000", "10.9.0.2"))
            found["flood us"] = float(re.search(r"= [\d.]+/([\d.]+)/", text)[1]) * 1e3
    finally:
        if relay:
            relay.kill()
            relay.wait()
        for name in "ab":
            sh("ip", "netns", "del", name)
        subprocess.run(["ip", "link", "del", "w0"], stderr=subprocess.DEVNULL, check=False)
        subprocess.run(["ip", "link", "del", "w1"], stderr=subprocess.DEVNULL, check=False)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", default="2")
    parser.add_argument("--pin", choices=PINS, default="apart")
    parser.add_argument("--what", default="tcp,udp,ping")
    parser.add_argument("options", nargs="*")
    args, unknown = parser.parse_known_args()
    if os.environ.get("RELAY_INSIDE") != "1":
        os.environ["RELAY_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "-mn", sys.executable, *sys.argv])
    sh("mount", "-t", "tmpfs", "none", "/run")
    sh("mkdir", "/run/netns")
    options = args.options + unknown or ["veth", "-s0", "-s50", "-c1 -s50"]
    found = {word: [] for word in options}
    for _ in range(args.runs):
        for word in options:
            found[word].append(measure(word, args))
    for word in options:
        line = f"{word:24}"
        for key in found[word][0]:
            values = [one[key] for one in found[word]]
            line += f" {key} {statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
