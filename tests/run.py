#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# run - runs the test suites, counts every TAP point, and looks for what each suite left behind.
#
#   tests/run.py [--suite NAME,...] [-k PATTERN] [-v] [--list]
#
# A suite is a set of programs that print TAP: those that the build names (unit, lab, fuzz,
# assumptions: see tests/meson.build and fuzz/meson.build) and the scripts of tests/SUITE/.  They are taken from the
# sanitizer build, build-check, which `make` keeps up to date; what is about speed (programs)
# uses the release build, and the fast suites (unit, lab, fuzz) run once more in it.
#
# As root everything runs in a mount and network namespace of its own, with its own /tmp, so no test
# can touch the machine's interfaces, and whatever appears there is a leak.  Programs get a TMPDIR, HOME and XDG_RUNTIME_DIR of
# their own, which must be empty when the suite ends.
import argparse
import concurrent.futures
import ctypes
import fnmatch
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
sys.dont_write_bytecode = True

from lib import leaks, tap  # noqa: E402

CHECK = pathlib.Path(os.environ.get("CHECK", ROOT / "build-check"))
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))

# Suites in the order they run: fast before slow.  Those of the build come by their meson suite.
SUITES = (
    "style", "unit", "lab", "fuzz", "release", "assumptions", "gate", "rtnl", "yard", "kernel", "oracle", "leaks", "programs", "soak",
)
RELEASE = {"release", "programs"}
TIMEOUT = {"kernel": 600, "oracle": 300, "soak": 400, "programs": 400, "yard": 300}
# The programs that run; whatever else dies below us is an orphan, which nobody else would reap.
running, starting = set(), threading.Lock()
CLONE_NEWNS, CLONE_NEWNET, MS_REC, MS_PRIVATE = 0x20000, 0x40000000, 0x4000, 1 << 18


class Program:
    def __init__(self, suite, name, command, env=None, cwd=None, timeout=None):
        self.suite, self.name, self.command = suite, name, [str(c) for c in command]
        self.env, self.cwd = env or {}, cwd or ROOT
        self.timeout = timeout or TIMEOUT.get(suite, 120)


def scripts_of(suite):
    """The programs in tests/SUITE/: executable .py and .sh files at its top."""
    folder = ROOT / "tests" / suite
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.is_file() and os.access(path, os.X_OK) and path.suffix in (".py", ".sh"):
            yield Program(suite, f"{suite}/{path.name}", [path])


def of_the_build(build):
    """The tests that a build folder knows."""
    if not (build / "build.ninja").exists():
        return
    done = subprocess.run(["meson", "introspect", "--tests", build], capture_output=True, text=True)
    for test in json.loads(done.stdout or "[]"):
        suite = (test["suite"] or ["wireyard:unit"])[0].split(":")[-1]
        suite = suite if suite != "wireyard" else "unit"
        yield Program(suite, f"{suite}/{test['name']}", test["cmd"], test.get("env"), test.get("workdir") or ROOT,
                      max(int(test.get("timeout") or 30), 30) * 3)


def programs():
    found = {name: [] for name in SUITES}
    found["style"] = [Program("style", "layers", [ROOT / "tests/layers.py"]),
                      Program("style", "format", [ROOT / "tests/format.py"])]
    for program in of_the_build(CHECK):
        found.setdefault(program.suite, []).append(program)
    for program in of_the_build(BUILD):
        if program.suite in ("unit", "lab", "fuzz"):
            program.name, program.suite = f"release/{program.name}", "release"
            found["release"].append(program)
    for suite in list(found):
        if suite not in ("style", "release"):
            known = {pathlib.Path(w).name for p in found[suite] for w in p.command}
            found[suite] += [p for p in scripts_of(suite) if pathlib.Path(p.command[0]).name not in known]
    return {suite: which for suite, which in found.items() if which}


class Box:
    """The folders that a suite's programs may write to, and the environment that tells them so."""

    def __init__(self, suite):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix=f"wytest-{suite}-"))
        os.chmod(self.top, 0o755)
        self.folders = []
        for name in ("tmp", "home", "run"):
            folder = self.top / name
            folder.mkdir()
            self.folders.append(folder)
        os.chmod(self.top / "tmp", 0o1777)
        os.chmod(self.top / "run", 0o700)
        self.logs = self.top / "sanitizer"
        self.logs.mkdir()
        os.chmod(self.logs, 0o1777)
        build = BUILD if suite in RELEASE else CHECK
        sanitizer = f"log_path={self.logs}/report:log_exe_name=1"
        self.env = dict(os.environ, TMPDIR=str(self.top / "tmp"), HOME=str(self.top / "home"), LC_ALL="C.UTF-8",
                        XDG_RUNTIME_DIR=str(self.top / "run"), WIREYARD=str(build / "wireyard"),
                        WIREYARD_RELEASE=str(BUILD / "wireyard"), WIREYARD_CHECK=str(CHECK / "wireyard"),
                        CMOCKA_MESSAGE_OUTPUT="TAP", PYTHONDONTWRITEBYTECODE="1",
                        ASAN_OPTIONS=f"{sanitizer}:detect_leaks=1:abort_on_error=0:" + os.environ.get("ASAN_OPTIONS", ""),
                        UBSAN_OPTIONS=f"print_stacktrace=1:halt_on_error=1:{sanitizer}:" + os.environ.get("UBSAN_OPTIONS", ""))

    def reports(self):
        return sorted(self.logs.iterdir())

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)


def run_one(program, box):
    """Run one program to its end or its time; returns its Results."""
    env = {**box.env, **program.env}
    start = time.monotonic()
    # A file, not a pipe: a process that the program leaves running must not hold up its end.
    with tempfile.TemporaryFile() as output:
        with starting:
            process = subprocess.Popen(program.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                       env=env, cwd=program.cwd, start_new_session=True)
            running.add(process.pid)
        late = ""
        while process.poll() is None and time.monotonic() - start < program.timeout:
            time.sleep(0.02)
            with starting:
                leaks.reap(running)
        if process.returncode is None:
            leaks.kill_tree(process.pid)
            process.kill()
            process.wait()
            late = f"\nnot ok - ends within {program.timeout} s\n"
        with starting:
            running.discard(process.pid)
        output.seek(0)
        text = output.read().decode(errors="replace") + late
    return tap.read(program.name, text, process.returncode), time.monotonic() - start, text


def run_suite(suite, which, args):
    box = Box(suite)
    before = leaks.Snapshot(box.folders)
    start = time.monotonic()
    results = []
    together = os.cpu_count() or 1 if suite in ("style", "unit", "lab", "fuzz", "release") else 1
    with concurrent.futures.ThreadPoolExecutor(together) as pool:
        for program, done in zip(which, pool.map(lambda p: run_one(p, box), which)):
            found, seconds, text = done
            results += found
            if args.verbose:
                print(text, end="")
            bad = sum(not r.good for r in found)
            print(f"  {'FAIL' if bad else 'ok  '} {program.name}: {len(found)} points, {seconds:.1f} s"
                  + (f", {bad} failed" if bad else ""), flush=True)
    left = before.leaks()
    results.append(tap.Result(suite, "leaves nothing behind", not left, detail="\n".join(left)))
    reports = box.reports()
    results.append(tap.Result(suite, "draws no sanitizer report", not reports,
                              detail="\n".join(r.read_text(errors="replace")[:4000] for r in reports[:5])))
    leaks.kill_tree()
    leaks.reap()
    box.remove()
    bad = sum(not r.good for r in results)
    print(f"{suite}: {len(results)} points, {bad} failed, {time.monotonic() - start:.1f} s", flush=True)
    return results


def shut_in():
    """As root, leave the machine's network and mount namespace for ones of our own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.getuid() != 0 or libc.unshare(CLONE_NEWNS | CLONE_NEWNET) != 0:
        return
    if libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) != 0:
        sys.exit("cannot make the mounts private: " + os.strerror(ctypes.get_errno()))
    # A /tmp of our own too, so that what lies in it afterwards is ours; unless we are tested there.
    if not any(str(path.resolve()).startswith("/tmp/") for path in (ROOT, BUILD, CHECK)):
        libc.mount(b"none", b"/tmp", b"tmpfs", 0, b"mode=1777")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=False)


def summary_line(results):
    skipped = sum(1 for r in results if r.skip)
    failed = sum(not r.good for r in results)
    line = f"{len(results) - failed - skipped} passed, {failed} failed"
    return line + (f", {skipped} skipped" if skipped else "")


def report(results):
    for r in results:
        if r.skip:
            print(f"skipped: {r.program}: {r.name}: {r.skip}")
    for r in results:
        if not r.good:
            print(f"\nFAILED: {r.program}: {r.name}")
            for line in r.detail.splitlines()[-80:]:
                print(f"    {line}")


def arguments():
    parser = argparse.ArgumentParser(description="Run wireyard's test suites.")
    parser.add_argument("--suite", help="only these suites, separated by commas")
    parser.add_argument("-k", metavar="PATTERN", help="only programs whose name contains or matches this")
    parser.add_argument("-v", "--verbose", action="store_true", help="show all that the programs print")
    parser.add_argument("--list", action="store_true", help="name the programs and run none")
    return parser.parse_args()


def chosen(args):
    found = programs()
    if args.suite:
        wanted = args.suite.split(",")
        unknown = set(wanted) - set(found) - set(SUITES)
        if unknown:
            sys.exit(f"no such suite: {', '.join(sorted(unknown))} (there are {', '.join(found)})")
        found = {suite: which for suite, which in found.items() if suite in wanted}
    if args.k:
        pattern = args.k if re.search(r"[*?\[]", args.k) else f"*{args.k}*"
        found = {suite: [p for p in which if fnmatch.fnmatch(p.name, pattern)] for suite, which in found.items()}
    return {suite: which for suite, which in found.items() if which}


def main():
    args = arguments()
    suites = chosen(args)
    if args.list:
        for which in suites.values():
            print("\n".join(p.name for p in which))
        return 0
    shut_in()
    leaks.become_subreaper()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    start, results = time.monotonic(), []
    try:
        for suite, which in suites.items():
            results += run_suite(suite, which, args)
    finally:
        leaks.kill_tree()
        leaks.reap()
    report(results)
    line = summary_line(results)
    print(f"\nin {time.monotonic() - start:.0f} s")
    if not args.suite and not args.k and CHECK.is_dir():
        (CHECK / "test-summary").write_text(line + "\n")
    print(line, flush=True)
    return 1 if any(not r.good for r in results) or not results else 0


sys.exit(main())
