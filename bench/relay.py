#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""relay - what mirrors cost without an engine: bench/relay.c between two namespaces.

	bench/relay.py [--runs N] [--seconds S] [--pin free|apart|same] [--what tcp,udp,ping] [RELAY-OPTIONS ...]

Each RELAY-OPTIONS is one word of options of the program, as "-c1 -s50" or "-p -s50"; "veth", the
kernel's veth without a relay, is the rival and always the first.  All stand side by side and run
by turns, since the machine's speed drifts; the table gives medians (smallest-largest), and the
median of the ratio to the rival of the same turn.  It runs in a mount and network namespace of
its own.
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


def busy_seconds(line=0):
    """CPU time that everyone has used, on all CPUs or the @line'th."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n")[line].split()[1:]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def wait_until_quiet():
    """Others' work would be measured, too; but they cannot be waited for for ever."""
    for _ in range(40):
        before = busy_seconds()
        time.sleep(0.25)
        if busy_seconds() - before <= 0.03:
            return


def inside(netns, *words):
    return ["ip", "netns", "exec", netns, *words]


class Cable:
    """Two namespaces with a device e0 each, and what carries frames between them."""

    def __init__(self, number, options, pin):
        self.options = options
        self.a, self.b = f"a{number}", f"b{number}"
        self.client, server = PINS[pin]
        self.found = []
        self.relay = None
        for name in self.a, self.b:
            sh("ip", "netns", "add", name)
            sh("ip", "-n", name, "link", "set", "lo", "up")
        if options == "veth":
            sh("ip", "-n", self.a, "link", "add", "e0", "type", "veth", "peer", "name", "e0", "netns", self.b)
        else:
            self.relay = subprocess.Popen([BUILD / "bench" / "relay", *options.split(),
                                           f"/run/netns/{self.a}", f"/run/netns/{self.b}"],
                                          stdout=subprocess.PIPE, text=True)
            assert self.relay.stdout.readline() == "ready\n"
        for host, name in enumerate((self.a, self.b), 1):
            sh("ip", "-n", name, "addr", "add", f"10.9.0.{host}/24", "dev", "e0")
            sh("ip", "-n", name, "link", "set", "e0", "up")
        sh(*inside(self.a, "ping", "-c1", "-w10", "-q", "10.9.0.2"))
        self.server = subprocess.Popen(inside(self.b, *server, "iperf3", "-s"), stdout=subprocess.DEVNULL)
        while not sh(*inside(self.b, "ss", "-Hltn", "sport = :5201")):
            time.sleep(0.02)

    def close(self):
        for process in (self.relay, self.server):
            if process:
                process.kill()
                process.wait()

    def relay_seconds(self):
        """CPU time that the relay has used."""
        if not self.relay:
            return 0
        fields = pathlib.Path(f"/proc/{self.relay.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def iperf(self, *words):
        done = subprocess.run(inside(self.a, *self.client, "iperf3", "-J", "-c", "10.9.0.2", *words),
                              stdout=subprocess.PIPE, text=True, check=False)
        report = json.loads(done.stdout)
        if "error" in report:
            raise RuntimeError(report["error"])
        return report["end"]

    def measure(self, what, seconds, reverse):
        row = {}
        wait_until_quiet()
        if "tcp" in what:
            before = self.relay_seconds()
            cpus = [busy_seconds(1), busy_seconds(2)]
            end = self.iperf("-t", seconds, *["-R"] * reverse)
            row["TCP Gbit/s"] = end["sum_received"]["bits_per_second"] / 1e9
            row["sender %"] = end["cpu_utilization_percent"]["host_total"]
            row["receiver %"] = end["cpu_utilization_percent"]["remote_total"]
            row["relay %"] = 100 * (self.relay_seconds() - before) / float(seconds)
            for cpu in range(2):
                row[f"cpu{cpu} %"] = 100 * (busy_seconds(cpu + 1) - cpus[cpu]) / float(seconds)
            row["again"] = end["sum_sent"]["retransmits"]
        if "udp" in what:
            end = self.iperf("-t", seconds, "-u", "-l", "32", "-b", "0")["sum"]
            row["UDP 32 kpps"] = (end["packets"] - end["lost_packets"]) / end["seconds"] / 1e3
        if "ping" in what:
            text = sh(*inside(self.a, "ping", "-n", "-c", "50", "-i", "0.02", "10.9.0.2"))
            row["ping us"] = statistics.median(float(ms) for ms in re.findall(r"time=([\d.]+)", text)) * 1e3
            text = sh(*inside(self.a, "ping", "-n", "-q", "-f", "-c", "5000", "10.9.0.2"))
            row["flood us"] = float(re.search(r"= [\d.]+/([\d.]+)/", text)[1]) * 1e3
        self.found.append(row)


def report(cables):
    rival = cables[0].found
    for cable in cables:
        words = [f"{cable.options:22}"]
        for key in rival[0]:
            values = [row[key] for row in cable.found]
            words.append(f"{key} {statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})")
            if key.startswith(("TCP", "UDP", "ping", "flood")):
                ratios = [row[key] / other[key] for row, other in zip(cable.found, rival)]
                words.append(f"x{statistics.median(ratios):.2f}")
        print(" ".join(words))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", default="1")
    parser.add_argument("--pin", choices=PINS, default="apart")
    parser.add_argument("--what", default="tcp,udp,ping")
    parser.add_argument("--reverse", action="store_true", help="TCP from b to a")
    args, options = parser.parse_known_args()
    if os.environ.get("RELAY_INSIDE") != "1":
        os.environ["RELAY_INSIDE"] = "1"
        # Everything ends with this process: the namespace's first one takes the others along.
        os.execvp("unshare", ["unshare", "-mnp", "--fork", "--kill-child", "--mount-proc", sys.executable, *sys.argv])
    sh("mount", "-t", "tmpfs", "none", "/run")
    sh("mkdir", "/run/netns")
    options = [word for word in options if word not in ("veth", "--")] or ["-s0", "-s50 -c1"]
    cables = []
    try:
        for number, word in enumerate(["veth", *options]):
            cables.append(Cable(number, word, args.pin))
        for _ in range(args.runs):
            for cable in cables:
                cable.measure(args.what, args.seconds, args.reverse)
        report(cables)
    finally:
        for cable in cables:
            cable.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
