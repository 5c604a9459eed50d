#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""start - what a yard costs: the time to start one, its memory idle, and with each device more.

	bench/start.py [--runs N]

Time: `wireyard run true` against `unshare -Urnmpf true`, from fork to the end of wait.
Memory: RSS and PSS of every process of an idle yard (the programs that the user runs in it are
not counted), the slope of both over 1,000 devices, and next to it what the kernel itself takes
for the same devices, from Slab, Percpu, KernelStack and PageTables in /proc/meminfo.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

import lib

DEVICES = {  # kind: batch line for device number {i}
    "veth pair": "link add v{i} type veth peer name w{i}",
    "dummy": "link add d{i} type dummy",
    "tap": "tuntap add t{i} mode tap",
}


def timed(command):
    start = time.monotonic()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return (time.monotonic() - start) * 1000


def start_time(runs):
    commands = {"ours": [lib.wireyard(), "run", "true"], "rival": ["unshare", "-Urnmpf", "true"]}
    if os.getuid() == 0:
        commands["rival"] = ["unshare", "-nmpf", "true"]
    for which in commands:
        timed(commands[which])
    values = lib.by_turns(runs * 4, lambda which: timed(commands[which]))
    lib.record("start", "start/run-true", "ms", "lower", values, rival_is=" ".join(commands["rival"]))


def children(pid):
    """Give @pid and all below it."""
    found = [pid]
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                for child in file.read().split():
                    found += children(int(child))
    except OSError:
        pass
    return found


def memory(pid):
    """Give {"rss": KiB, "pss": KiB} of one process."""
    found = {"rss": 0, "pss": 0}
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            word = line.split(":")[0].lower()
            if word in found:
                found[word] = int(line.split()[1])
    return found


def kernel_memory():
    """KiB that the kernel has taken for itself, machine-wide."""
    total = 0
    with open("/proc/meminfo", encoding="ascii") as file:
        for line in file:
            if line.split(":")[0] in ("Slab", "Percpu", "KernelStack", "PageTables"):
                total += int(line.split()[1])
    return total


def inside(kind, count):
    """Make the devices, say so, and wait to be told to go."""
    if count:
        with tempfile.NamedTemporaryFile("w", suffix=".batch") as file:
            file.write("".join(DEVICES[kind].format(i=i) + "\n" for i in range(count)))
            file.flush()
            done = subprocess.run(["ip", "-batch", file.name], stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            print("lacks: " + done.stderr.split("\n", maxsplit=1)[0], flush=True)
            return 0
    print("ready", flush=True)
    sys.stdin.read()
    return 0


def settled_kernel_memory():
    """The same when it has come to rest: namespaces are taken down in the background."""
    last = kernel_memory()
    for _ in range(40):
        time.sleep(0.5)
        now = kernel_memory()
        if abs(now - last) < 64:
            break
        last = now
    return now


def held(which, kind, count):
    """Memory of a world that holds @count devices of @kind: {"rss", "pss", "kernel"} in KiB, or None."""
    before = settled_kernel_memory()
    command = lib.world(which, [sys.executable, os.path.abspath(__file__), "--inside", kind, str(count)])
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        said = process.stdout.readline().decode()
        if said != "ready\n":
            if which == "ours":
                raise RuntimeError(f"{kind}: {said or 'the yard did not start'}")
            return None
        found = {"rss": 0, "pss": 0, "kernel": settled_kernel_memory() - before, "parts": []}
        program = os.path.realpath(lib.wireyard())
        for pid in children(process.pid) if which == "ours" else []:
            try:
                if os.path.realpath(os.readlink(f"/proc/{pid}/exe")) != program:
                    continue
                with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                    name = file.read().strip()
                each = memory(pid)
            except OSError:
                continue
            found["parts"].append({"name": name, **each})
            found["rss"] += each["rss"]
            found["pss"] += each["pss"]
        return found
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def idle(runs):
    samples = [held("ours", "", 0) for _ in range(runs)]
    for key in ("rss", "pss"):
        lib.record("start", f"memory/idle-yard/{key}", "MiB", "lower",
                   {"ours": [sample[key] / 1024 for sample in samples]}, rival_is="none: no process",
                   parts=samples[-1]["parts"])


def slope(runs, kind, few=100, many=1000):
    """KiB for each further device."""
    values = {key: {"ours": [], "rival": []} for key in ("rss", "pss", "kernel")}
    for _ in range(runs):
        for which in ("ours", "rival"):
            low, high = held(which, kind, few), held(which, kind, many)
            if not low or not high:
                continue  # the kernel here lacks the kind
            for key in values:
                if which == "ours" or key == "kernel":
                    values[key][which].append((high[key] - low[key]) / (many - few))
    name = kind.replace(" ", "-")
    for key, what in (("rss", "processes of the yard, RSS"), ("pss", "processes of the yard, PSS"),
                      ("kernel", "the kernel's own memory")):
        lib.record("start", f"memory/each-{name}/{key}", "KiB", "lower", values[key],
                   rival_is="kernel device", note=what)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="time, idle, or a kind of device")
    parser.add_argument("--inside", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        return inside(args.inside[0], int(args.inside[1]))
    if args.only in ("", "time"):
        start_time(args.runs)
    if args.only in ("", "idle"):
        idle(args.runs)
    for kind in DEVICES:
        if args.only in ("", kind):
            slope(args.runs, kind)
    return 0


if __name__ == "__main__":
    sys.exit(main())
