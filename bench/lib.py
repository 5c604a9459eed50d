# SPDX-License-Identifier: BSD-2-Clause
"""lib - what the benchmarks share: two worlds to run in, a probe, and how results are kept.

A benchmark is one script that runs itself, with "--inside", in two worlds by turns: in a yard
("ours": `wireyard run`) and in plain namespaces of the kernel ("rival": `unshare`).  What is
done inside is the same text in both.

A result is one JSON object on a line, printed and appended to bench/results/NAME.jsonl:

	name	what was measured: "tcp/born/pinned"
	unit	of the figures: "Gbit/s"
	better	"higher" or "lower"
	ours	{median, min, max, runs, values} of wireyard
	rival	the same of what it is compared with, or null where that cannot do it
	rival_is	what the rival is
	ratio	ours.median / rival.median, or null
	host	{cpu, kernel, cores}
	commit	of wireyard, with "+" when the tree had changes
	date	UTC
	c2c_ns	two-core figures only: time to hand a cache line to the other core, before each run
	note	optional
"""

import datetime
import json
import os
import statistics
import subprocess
import sys
import time

BENCH = os.path.dirname(os.path.abspath(__file__))
HERE = os.path.dirname(BENCH)
RESULTS = os.environ.get("WIREYARD_RESULTS", os.path.join(BENCH, "results"))
PATH = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"
os.environ["PATH"] = PATH

# Hides /run, so that `ip netns` leaves nothing on the machine, and shows the devices of the
# new namespace in /sys.  `wireyard run` does as much.
KERNEL = """mount --make-rprivate / && mount -t tmpfs none /run && mount -t proc none /proc &&
mount -t sysfs none /sys && ip link set lo up && exec "$@" """


def wireyard():
    """Give the path of the wireyard to be measured."""
    path = os.environ.get("WIREYARD", os.path.join(HERE, "build", "wireyard"))
    if not os.access(path, os.X_OK):
        sys.exit(f"bench: no {path}: run make, or set WIREYARD")
    return os.path.abspath(path)


def world(which, command):
    """Give the argv that runs @command in the world "ours" or "rival"."""
    if which == "ours":
        return [wireyard(), "run", "--", *command]
    user = [] if os.getuid() == 0 else ["-Ur"]
    return ["unshare", *user, "-mnpf", "--kill-child", "sh", "-c", KERNEL, "sh", *command]


def inside(which, script, *args):
    """Run `script --inside args` in the world @which; give what it printed, as JSON."""
    command = world(which, [sys.executable, os.path.abspath(script), "--inside", *map(str, args)])
    done = subprocess.run(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False, timeout=900)
    if done.returncode:
        raise RuntimeError(f"{which}: {' '.join(map(str, args))}: exit status {done.returncode}")
    return json.loads(done.stdout)


def busy(seconds=0.2):
    """The part of all CPU time that anybody used just now, 0 to 1."""
    def read():
        with open("/proc/stat", encoding="ascii") as file:
            numbers = list(map(int, file.readline().split()[1:9]))
        return sum(numbers), numbers[3] + numbers[4]
    total, idle = read()
    time.sleep(seconds)
    total_now, idle_now = read()
    return 1 - (idle_now - idle) / max(1, total_now - total)


def wait_for_quiet(limit=0.1, patience=4):
    """Wait until the machine has little else to do, or until patience ends."""
    until = time.monotonic() + patience
    while busy() > limit and time.monotonic() < until:
        time.sleep(0.3)


def by_turns(runs, sample):
    """Call sample("ours") and sample("rival") @runs times each, alternating and changing who goes first.

    Gives {"ours": [...], "rival": [...]}."""
    values = {"ours": [], "rival": []}
    for run in range(runs):
        for which in ("ours", "rival") if run % 2 == 0 else ("rival", "ours"):
            wait_for_quiet()
            values[which].append(sample(which))
    return values


def sh(*command, **options):
    """Run a command that must succeed; give its output."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def probe(near_ns=100, patience=5):
    """Nanoseconds to hand a cache line to the other core: tells whether the host keeps the two apart.

    Waits up to @patience seconds for the two to be near each other."""
    program = os.environ.get("WIREYARD_C2C", os.path.join(HERE, "build", "bench", "c2c"))
    if os.cpu_count() < 2 or not os.access(program, os.X_OK):
        return None
    for _ in range(patience):
        value = float(sh(program))
        if value < near_ns:
            break
        time.sleep(1)
    return value


def spread(values, digits=4):
    def short(value):
        return float(f"{value:.{digits}g}")
    return {"median": short(statistics.median(values)), "min": short(min(values)), "max": short(max(values)),
            "runs": len(values), "values": [short(value) for value in values]}


def host():
    cpu = "unknown"
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    return {"cpu": cpu, "kernel": os.uname().release, "cores": os.cpu_count()}


def commit():
    try:
        tag = sh("git", "-C", HERE, "rev-parse", "--short", "HEAD", stderr=subprocess.DEVNULL).strip()
        changed = sh("git", "-C", HERE, "status", "--porcelain", "--untracked-files=no", "--", "src")
        return tag + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def record(file, name, unit, better, values, rival_is="the kernel", **more):
    """Print one result and append it to bench/results/@file.jsonl."""
    ours = spread(values["ours"]) if values["ours"] else None
    rival = spread(values["rival"]) if values.get("rival") else None
    ratio = None
    if ours and rival and rival["median"]:
        ratio = float(f"{ours['median'] / rival['median']:.3g}")
    result = {"name": name, "unit": unit, "better": better, "ours": ours, "rival": rival, "rival_is": rival_is,
              "ratio": ratio, "host": host(), "commit": commit(),
              "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), **more}
    line = json.dumps(result)
    print(line, flush=True)
    os.makedirs(RESULTS, exist_ok=True)
    with open(os.path.join(RESULTS, file + ".jsonl"), "a", encoding="utf-8") as out:
        out.write(line + "\n")
