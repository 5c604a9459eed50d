#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# compare - runs each case once in the kernel's own namespaces and once in a yard: the kernel is
# the oracle.
#
#   compare.py [--self] [--user root|user] [-j N] [-v] [PATTERN...]
#
# A case is tests/kernel/cases/AREA/NAME.sh.  Each of its lines is a step (a line that ends in a
# backslash, or that opens a here-document, goes on): all steps run in one bash, and each step's exit status,
# output and errors are compared, after what normal.py does.  Comments steer:
#
#   # TITLE                 the first line: what is shown, a sentence
#   # differs: KEY why      an allowed difference: KEY is a regular expression that is found in the
#                           step or the difference as printed; it fails when nothing needs it any more
#   # needs: dummy          the kernel has this device kind, or the case is checked against its
#                           "expect" lines alone
#   # engine: bridge        waits until a yard's devices of this kind are the engine's (vlan_filtering: and do that)
#   # user: root            only as root (or: user)
#   #: sort | set | stats | status | expect TEXT
#                           for the next step: sort its lines; make a set of them; keep counters; compare nothing but
#                           the exit status; where the kernel cannot be asked, output must contain TEXT
#
# Helpers in a case: `await CMD...` repeats until it succeeds (5 s), `has TEXT CMD...` and `lacks` look into an
# output, `port NAME [WORD...]` makes a veth whose other end is xNAME, `stir LOG CMD` repeats CMD until something is in LOG, `elsewhere PID` tells whether a process has a network namespace of its own; the programs of tools/.
# --self runs the kernel's side twice: what then differs is a fault of normal.py or of the case.
import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from lib import tap, world  # noqa: E402
from normal import Normal, compare  # noqa: E402

PRELUDE = r"""
await() { for _await in {1..100}; do "$@" >/dev/null 2>&1 && return 0; sleep 0.05; done; "$@" >/dev/null 2>&1; }
has() { [[ "$("${@:2}" 2>&1)" == *"$1"* ]]; }
lacks() { [[ "$("${@:2}" 2>&1)" != *"$1"* ]]; }
elsewhere() { [[ "$(readlink /proc/$1/ns/net)" != "$(readlink /proc/$$/ns/net)" ]]; }
port() { ip link add "$1" "${@:2}" type veth peer name "x$1"; }
stir() { for i in {1..100}; do eval "$2" 2>/dev/null; sleep 0.05; [[ -s $1 ]] && return; done; }
export -f await has lacks elsewhere
cd "$TMPDIR"
"""
EPILOGUE = "\nexec >/dev/null 2>&1\nkill $(jobs -p)\nwait\ntrue\n"


class Step:
    def __init__(self, text, modes, expect):
        self.text, self.modes, self.expect = text, modes, expect


class Case:
    """A case file, parsed."""

    def __init__(self, path, folder=HERE / "cases"):
        self.path, self.name = path, str(path.relative_to(folder))[:-3]
        self.source = path.read_text()
        self.title, self.allowed, self.needs, self.engine, self.user = self.name, [], [], [], None
        self.steps = []
        self.parse(self.source.splitlines())

    def parse(self, lines):
        modes, expect = set(), []
        lines = iter(lines)
        for line in lines:
            if line.startswith("#:"):
                word, _, rest = line[2:].strip().partition(" ")
                if word == "expect":
                    expect.append(rest)
                else:
                    modes |= {word, *rest.split()}
            elif line.startswith("#"):
                self.comment(line[1:].strip())
            elif line.strip():
                self.steps.append(Step(self.whole(line, lines), modes, expect))
                modes, expect = set(), []

    def comment(self, text):
        word, _, rest = text.partition(": ")
        if word == "differs":
            key, _, why = rest.strip().partition(" ")
            self.allowed.append((key, why))
        elif word == "needs":
            self.needs += rest.split()
        elif word == "engine":
            self.engine += rest.split()
        elif word == "user":
            self.user = rest.strip()
        elif self.title == self.name:
            self.title = text

    @staticmethod
    def whole(line, lines):
        """A step with the lines that it goes on with."""
        step = line
        while step.endswith("\\"):
            step += "\n" + next(lines)
        opened = re.search(r"<<-?\s*['\"]?(\w+)['\"]?", step)
        while opened and not re.search(rf"(?m)^{opened[1]}$", step):
            step += "\n" + next(lines)
        return step

    def script(self, out):
        parts = [PRELUDE]
        for n, step in enumerate(self.steps):
            parts.append(f"{{\n{step.text}\n}} >{out}/{n}.out 2>{out}/{n}.err </dev/null; echo $? >{out}/{n}.rc\n")
        return "".join(parts) + EPILOGUE


class Outcome:
    """What one run of a case produced, in comparable form."""

    def __init__(self, case, done, out, where):
        self.leaks, self.late, self.output = done.leaks, done.late, done.output
        normal = Normal(case.source, [(str(where.tmp), "TMP"), (str(where.top), "TOP"),
                                      (str(where.stage.bin) + "/", "")])
        self.steps, self.raw = [], []
        for n, step in enumerate(case.steps):
            raw = [self.read(out / f"{n}.{kind}") for kind in ("rc", "out", "err")]
            raw[2] = re.sub(r"\S+/main\.sh: line \d+: ", "", raw[2])
            self.raw.append(raw)
            self.steps.append((raw[0].strip() or "(never ran)", normal.output(raw[1], step.modes),
                               normal.output(raw[2], step.modes)))

    @staticmethod
    def read(path):
        try:
            return path.read_text(errors="replace")
        except OSError:
            return ""


def workers_for(user):
    """The second user's yards have several workers, so that each case is tried with one and with more."""
    return "1" if user == world.users()[0] else "3"


def run_case(case, stage, kind, user):
    with world.World(stage, kind, user, case.name.replace("/", "-")) as where:
        out = where.top / "out"
        out.mkdir()
        os.chmod(out, 0o777)
        script = where.top / "main.sh"
        script.write_text(case.script(shlex.quote(str(out))))
        done = where.run(["bash", script], timeout=90, env={"WIREYARD_WORKERS": workers_for(user)})
        return Outcome(case, done, out, where), where.reports()


def differences(case, real, yard):
    """The differences that no allowance covers, and the allowances that none needs: sentences."""
    faults, needed = [], set()
    for n, step in enumerate(case.steps):
        parts = ["status"] if "status" in step.modes else ["status", "output", "errors"]
        for i, part in enumerate(parts):
            a, b = real.steps[n][i], yard.steps[n][i]
            found = compare(a, b) if i else [("", a, b)] if a != b else []
            for place, left, right in found:
                text = f"{step.text.splitlines()[0]}\n    {part} {place}: kernel {left} | yard {right}"
                covering = [key for key, _ in case.allowed if re.search(key, text)]
                needed |= set(covering)
                if not covering:
                    faults.append(text)
    faults += [f"the allowance \"{key}\" is not needed any more" for key, _ in case.allowed if key not in needed]
    return faults


def unexpected(case, yard):
    """For what this kernel cannot do: does the yard's output say what the case expects?"""
    for n, step in enumerate(case.steps):
        rc, out, err = yard.raw[n]
        if rc.strip() != "0" and not any(e.startswith("status ") for e in step.expect):
            yield f"{step.text}\n    exit status {rc.strip()}: {err.strip()}"
        for want in step.expect:
            text = f"status {rc.strip()}" if want.startswith("status ") else out + err
            if want not in text:
                yield f"{step.text}\n    expected {want!r} in {text.strip()!r}"


def show(case, kind, outcome):
    """All that one run printed, for whoever writes cases."""
    lines = [f"=== {case.name} ({kind})"]
    for step, (rc, out, err) in zip(case.steps, outcome.raw):
        lines += [f"$ {step.text}", out.rstrip(), err.rstrip(), "" if rc.strip() == "0" else f"[{rc.strip()}]"]
    print("\n".join(f"# {line}" for text in lines if text for line in text.splitlines()))


def said(text):
    """What a run said outside its steps, a sanitizer's findings cut to what names the place."""
    found, frames = [], 0
    for line in text.splitlines():
        if re.search(r"runtime error|ERROR: \w+Sanitizer|SUMMARY", line):
            found.append(line)
            frames = 8
        elif frames and re.match(r"\s+#\d+ ", line):
            found.append(line)
            frames -= 1
    return sorted(set(found), key=found.index) if found else [text.strip()[:2000]] if text.strip() else []


def judge(case, stage, user, kinds, kernel_has, verbose):
    """Run one case both ways; returns the list of faults."""
    faults = []
    outcomes = []
    asked = [k for k in kinds if k != "real" or set(case.needs) <= kernel_has]
    for kind in asked:
        outcome, reports = run_case(case, stage, kind, user)
        outcomes.append(outcome)
        if verbose:
            show(case, kind, outcome)
        if outcome.late:
            faults.append(f"{kind}: did not end in time")
        if kind == "yard":
            faults += [f"left behind: {leak}" for leak in outcome.leaks]
        faults += said(reports + outcome.output)
    if len(outcomes) == 2:
        faults += differences(case, *outcomes)
    elif "yard" in asked:
        faults += unexpected(case, outcomes[-1])
    return faults


def kinds_of_the_kernel(stage):
    """The link kinds that this kernel has, of those that cases ask for."""
    script = "ip link add probe0 type veth peer name probe1; for k in dummy bridge vlan macvlan macvtap; do " \
             "ip link add link probe0 probe type $k id 1 2>/dev/null || ip link add link probe0 probe type $k 2>/dev/null || " \
             "ip link add probe type $k 2>/dev/null && echo $k; ip link del probe 2>/dev/null; done; " \
             "ip link add link probe0 probe type macvtap && [ -c /dev/tap$(cat /sys/class/net/probe/ifindex) ] && echo tapfile; true"
    with world.World(stage, "real", world.users()[0], "probe") as where:
        return set(where.run(["sh", "-c", script]).output.split())


def kinds_of_the_engine(stage):
    """Of those that cases wait for: the kernel's own bridge is known by its folder in /sys."""
    script = "ip link add probe type bridge && [ ! -e /sys/class/net/probe/bridge ] && echo bridge\n" \
             "bridge vlan show dev probe | grep -q 'probe *1 ' && echo vlan_filtering\n" \
             "ip link add link probe probe.5 type vlan id 5 && echo vlan\n"
    with world.World(stage, "yard", world.users()[0], "probe") as where:
        return set(where.run(["sh", "-c", script]).output.split())


def arguments():
    parser = argparse.ArgumentParser(description="Compare yards with the kernel's namespaces.")
    parser.add_argument("--self", dest="self_test", action="store_true", help="compare the kernel with itself")
    parser.add_argument("--user", choices=("root", "user"), help="only as this user")
    parser.add_argument("-j", type=int, default=(os.cpu_count() or 1) + 1, metavar="N", help="cases at a time")
    parser.add_argument("-v", "--verbose", action="store_true", help="show all that the steps print")
    parser.add_argument("--ignore", default="$^", metavar="REGEX", help="leave out the differences that match")
    parser.add_argument("patterns", nargs="*", help="cases whose name contains one of these")
    return parser.parse_args()


def syntax_fault(case):
    done = subprocess.run(["bash", "-n"], input=case.script("/tmp"), capture_output=True, text=True)
    return done.stderr.strip()


def main():
    args = arguments()
    cases = [Case(p) for p in sorted((HERE / "cases").rglob("*.sh"))]
    if args.patterns:
        cases = [c for c in cases if any(p in c.name for p in args.patterns)]
    users = [u for u in world.users() if u == (args.user or u)]
    kinds = ("real", "real") if args.self_test else ("real", "yard")
    writer = tap.Writer()
    with world.Stage(*sorted((HERE / "tools").iterdir())) as stage:
        if "yard" in kinds:
            world.needs_yard(stage)
        kernel_has = kinds_of_the_kernel(stage)
        jobs = [(c, u) for u in users for c in cases if c.user in (None, u)]
        if "yard" in kinds and any(c.engine for c, _ in jobs):
            engine_has = kinds_of_the_engine(stage)
            jobs = [(c, u) for c, u in jobs if set(c.engine) <= engine_has]
        if args.self_test:
            jobs = [(c, u) for c, u in jobs if set(c.needs) <= kernel_has]
        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            judged = pool.map(lambda job: syntax_fault(job[0]) and [syntax_fault(job[0])]
                              or judge(job[0], stage, job[1], kinds, kernel_has, args.verbose), jobs)
            for (case, user), faults in zip(jobs, judged):
                faults = [f for f in faults if not re.search(args.ignore, f)]
                writer.point(not faults, f"{case.name} as {user}: {case.title}", "\n".join(faults))
    return writer.done()


if __name__ == "__main__":
    sys.exit(main())
