# SPDX-License-Identifier: BSD-2-Clause
#
# helper - what the tests of the command share: running it as either user, terminals, and what a
# yard must not leave.
#
# Each test gets folders of its own, with the runtime directory among them, so other yards on the
# machine do not matter.  A yard's processes are known by that directory in their environment; a
# namespace does not outlive its processes, as nothing of a yard is mounted outside.
import contextlib
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.dont_write_bytecode = True

from lib import leaks, tap, world  # noqa: E402

PATIENCE = 20.0  # seconds until something that must happen counts as not happening
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Failed(Exception):
    """The sentence says what was expected and what came."""


class Skipped(Exception):
    """The sentence says what is missing to try it."""


def expect(good, sentence):
    if not good:
        raise Failed(sentence)


def expect_equal(got, wanted, what=""):
    expect(got == wanted, f"{what or 'value'}: {got!r}, not {wanted!r}")


def expect_match(pattern, text, what="text"):
    expect(re.search(pattern, text), f"{what} does not match {pattern!r}: {text!r}")


def until(condition, what):
    """Wait for @condition to be true and return what it returns."""
    deadline = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {PATIENCE:.0f} s")
        time.sleep(0.01)


class Place:
    """Where one test runs, as root or as an ordinary user."""

    def __init__(self, stage, user):
        self.stage, self.user = stage, user
        self.uid = world.USER_UID if world.is_root() and user == "user" else os.geteuid()
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="yard-"))
        self.cwd, self.run_dir = self.top / "work", self.top / "run"
        self.logs = self.top / "logs"
        os.chmod(self.top, 0o755)
        for folder in (self.cwd, self.run_dir, self.logs):
            folder.mkdir(mode=0o700)
            os.chown(folder, self.uid, self.uid)
        self.yards = self.run_dir / "wireyard"

    def words(self, *words):
        prefix = []
        if self.uid != os.geteuid():
            prefix = [world.PYTHON, self.stage.bin / "launch.py", "user", self.uid, "--"]
        return [str(w) for w in (*prefix, self.stage.wireyard, *words)]

    def environment(self, extra=None):
        log = f"log_path={self.logs}/report:log_exe_name=1"
        env = {"PATH": PATH, "HOME": str(self.cwd), "TMPDIR": str(self.cwd), "LC_ALL": "C.UTF-8", "TERM": "dumb",
               "XDG_RUNTIME_DIR": str(self.run_dir), "SHELL": "/bin/sh",
               "ASAN_OPTIONS": "detect_leaks=1:" + log, "UBSAN_OPTIONS": "print_stacktrace=1:" + log}
        env.update(extra or {})
        return env

    def start(self, *words, env=None, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        how.setdefault("stdout", subprocess.PIPE)
        how.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen(self.words(*words), env=self.environment(env), text=True,
                                cwd=how.pop("cwd", self.cwd), start_new_session=True, **how)

    def run(self, *words, env=None, stdin=None, timeout=PATIENCE, cwd=None):
        """Run to the end, which includes that of whoever else holds the output: a CompletedProcess."""
        return subprocess.run(self.words(*words), env=self.environment(env), text=True, cwd=cwd or self.cwd,
                              input=stdin or "", capture_output=True, timeout=timeout, start_new_session=True)

    def good(self, *words, **how):
        done = self.run(*words, **how)
        expect(done.returncode == 0, f"{' '.join(map(str, words))}: status {done.returncode}: {done.stderr}")
        return done.stdout

    def listed(self):
        return json.loads(self.good("ls", "--json"))

    @contextlib.contextmanager
    def running(self, script="echo up; exec sleep 1000", name=None, **how):
        """A yard whose command, a shell script, says a line when it is up; gives process and line."""
        words = ["run", *(["-n", name] if name else []), "--", "sh", "-c", script]
        with self.start(*words, **how) as process:
            try:
                line = process.stdout.readline()
                expect(line, f"the yard came up, but: {'' if line else process.stderr.read()}")
                yield process, line.strip()
            finally:
                process.kill()

    def connect(self, name):
        """A socket to the engine of the yard @name, connected as the yard's owner."""
        client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        client.settimeout(PATIENCE)
        before = os.geteuid()
        os.seteuid(self.uid)
        try:
            client.connect(str(self.yards / name / "ctl"))
        finally:
            os.seteuid(before)
        return client

    def inits(self):
        """The first processes of this place's yards, by name, as the yards describe them."""
        found = {}
        for path in self.yards.glob("*/yard.json"):
            with contextlib.suppress(OSError, ValueError):
                found[path.parent.name] = json.loads(path.read_text())["pid"]
        return found

    def init(self):
        (pid,) = self.inits().values()
        return pid

    def engine(self):
        init = self.init()
        for child in children(init):
            with contextlib.suppress(OSError):
                if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "wireyard-engine":
                    return child
        raise Failed("the yard has an engine")

    def left(self):
        """What is there of this place's yards: sentences."""
        mark = f"XDG_RUNTIME_DIR={self.run_dir}".encode()
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit() and not leaks.is_gone(int(entry)):
                with contextlib.suppress(OSError):
                    if mark in pathlib.Path(f"/proc/{entry}/environ").read_bytes().split(b"\0"):
                        found.append(f"process: {leaks.describe(int(entry))}")
        for folder, folders, files in os.walk(self.run_dir):
            found += [f"file: {folder}/{name}" for name in folders + files]
        return found

    def expect_nothing_left(self):
        deadline = time.monotonic() + PATIENCE
        while self.left():
            expect(time.monotonic() < deadline, "; ".join(self.left()))
            time.sleep(0.01)

    def remove(self):
        for pid in self.inits().values():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        # The leak checker looks at other threads as they end, and says so when one has gone: no finding.
        reports = "\n".join(line for p in sorted(self.logs.iterdir()) for line in p.read_text(errors="replace").splitlines()
                            if not re.fullmatch(r"==wireyard==\d+==Unable to get registers from thread \d+\.", line))
        shutil.rmtree(self.top, ignore_errors=True)
        expect(not reports, reports[:4000])


def children(pid):
    with contextlib.suppress(OSError):
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class Terminal:
    """A shell on a terminal of its own, with someone typing."""

    def __init__(self, place, shell=("/bin/bash", "--norc", "--noprofile", "-i"), env=None):
        self.text = ""
        self.place = place
        words = [str(w) for w in shell]
        if place.uid != os.geteuid():
            words = [world.PYTHON, str(place.stage.bin / "launch.py"), "user", str(place.uid), "--", *words]
        environment = place.environment({"PS1": "outer> ", "WY": str(place.stage.wireyard), **(env or {})})
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            with contextlib.suppress(OSError):
                # Before the shell looks at it: what is read back must be what programs wrote.
                settings = termios.tcgetattr(0)
                settings[3] &= ~termios.ECHO
                termios.tcsetattr(0, termios.TCSANOW, settings)
                os.chdir(place.cwd)
                os.execve(words[0], words, environment)
            os._exit(127)

    def type(self, text):
        os.write(self.fd, text.encode())

    def see(self, pattern):
        """Read on until @pattern appears; what came before it is dropped."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = re.search(pattern, self.text)
            if found:
                seen, self.text = self.text[:found.end()], self.text[found.end():]
                return seen
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise Failed(f"the terminal shows {pattern!r}, not {self.text!r}")
            try:
                self.text += os.read(self.fd, 65536).decode(errors="replace").replace("\r\n", "\n")
            except OSError:
                raise Failed(f"the terminal shows {pattern!r}, but ended after {self.text!r}") from None

    def command(self, text, pattern):
        self.type(text + "\n")
        return self.see(pattern)

    def close(self):
        os.close(self.fd)
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def run_tests(tests, *programs, only_root=False):
    """Run each function of @tests as each user that can be; its name is what it proves.  @only_root: what
    they do is root's alone, so as another user there is nothing to prove, unless there is no root."""
    writer = tap.Writer()
    only = sys.argv[1:]
    with world.Stage(*programs) as stage:
        world.needs_yard(stage)
        for user in world.users():
            if only_root and user != "root" and world.is_root():
                continue
            for test in tests:
                name = test.__name__.replace("_", " ")
                if only and not any(word in name for word in only):
                    continue
                place = Place(stage, user)
                detail, skip = "", None
                try:
                    try:
                        test(place)
                        place.expect_nothing_left()
                    finally:
                        place.remove()
                except Failed as failure:
                    detail = str(failure)
                except Skipped as skipped:
                    skip = str(skipped)
                except Exception:
                    detail = traceback.format_exc()
                writer.point(not detail, f"{user}: {name}", detail, skip)
    return writer.done()
