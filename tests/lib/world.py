# SPDX-License-Identifier: BSD-2-Clause
#
# world - where a test's commands run: a yard, or the kernel's own namespaces.
#
# A world is made for one command and ends with it.  Either kind can be had as root or as an
# ordinary user (an unused uid with a private /dev/net/tun: see launch.py).  What the command
# needs is staged in a folder that this user can read, so a checkout in a closed folder works too.
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from . import leaks

LIB = pathlib.Path(__file__).resolve().parent
USER_UID = 61234  # nobody's, on any Debian
MARK = "WIREYARD_TEST_WORLD"
PYTHON = "/usr/bin/python3"
PATIENCE = 2.0  # seconds until what a yard left counts as left


def is_root():
    return os.geteuid() == 0


def users():
    """The ways in which this process can run worlds."""
    return ("root", "user") if is_root() else ("user",)


class Stage:
    """A folder readable by every user of a test: the binary under test and the helper programs."""

    def __init__(self, *programs, wireyard=None):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="stage-"))
        os.chmod(self.top, 0o755)
        self.bin = self.top / "bin"
        self.bin.mkdir()
        for program in (LIB / "launch.py", *programs):
            target = self.bin / pathlib.Path(program).name
            shutil.copy(program, target)
            os.chmod(target, 0o755)
        self.wireyard = None
        source = pathlib.Path(wireyard or os.environ.get("WIREYARD") or LIB.parent.parent / "build-check" / "wireyard")
        if source.exists():
            self.wireyard = self.bin / "wireyard"
            shutil.copy(source, self.wireyard)

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


class Done:
    """How a world's command ended."""

    def __init__(self, status, output, leaks, late):
        self.status, self.output, self.leaks, self.late = status, output, leaks, late


class World:
    """One world: @kind is "yard" or "real", @user "root" or "user"."""

    serial = 0

    def __init__(self, stage, kind, user, name="world"):
        World.serial += 1
        self.stage, self.kind, self.user = stage, kind, user
        self.uid = USER_UID if is_root() and user == "user" else os.geteuid()
        self.mark = f"{os.getpid()}.{World.serial}.{name}"
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="world-"))
        self.tmp, self.home, self.run_dir, self.logs = (self.top / n for n in ("tmp", "home", "run", "logs"))
        os.chmod(self.top, 0o755)
        for folder in (self.tmp, self.home, self.run_dir, self.logs):
            folder.mkdir()
            os.chmod(folder, 0o700)
            if self.uid != os.geteuid():
                os.chown(folder, self.uid, self.uid)

    def command(self, command):
        words = [PYTHON, self.stage.bin / "launch.py"]
        if self.uid != os.geteuid():
            words += ["user", self.uid, "--"]
        if self.kind == "real":
            words += ["real", "--"]
        else:
            words += [self.stage.wireyard, "run", "--"]
        return [str(w) for w in words + list(command)]

    def environment(self, extra=None):
        log = f"log_path={self.logs}/report:log_exe_name=1"
        env = {k: v for k, v in os.environ.items() if not k.startswith(("SUDO_", "XDG_"))}
        env.update({MARK: self.mark, "TMPDIR": str(self.tmp), "HOME": str(self.home), "LC_ALL": "C.UTF-8",
                    "XDG_RUNTIME_DIR": str(self.run_dir), "PYTHONDONTWRITEBYTECODE": "1",
                    "PATH": f"{self.stage.bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":" + log,
                    "UBSAN_OPTIONS": os.environ.get("UBSAN_OPTIONS", "") + ":" + log})
        env.update(extra or {})
        return env

    def start(self, command, **how):
        """Start @command; the caller waits for it, then calls finish()."""
        how.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen(self.command(command), env=self.environment(how.pop("env", None)),
                                cwd=self.tmp, start_new_session=True, **how)

    def run(self, command, timeout=60, env=None):
        """Run @command to its end and look for what it left: a Done."""
        with tempfile.TemporaryFile() as output:
            process = self.start(command, stdout=output, stderr=output, env=env)
            late = False
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                late = True
                self.kill()
                process.wait()
            output.seek(0)
            return Done(process.returncode, output.read().decode(errors="replace"), self.left(), late)

    def processes(self):
        """Those that carry this world's mark, wherever they have gone."""
        wanted = f"{MARK}={self.mark}".encode()
        for entry in os.listdir("/proc"):
            if entry.isdigit() and int(entry) != os.getpid():
                try:
                    with open(f"/proc/{entry}/environ", "rb") as f:
                        if wanted in f.read().split(b"\0"):
                            yield int(entry)
                except OSError:
                    pass

    def kill(self):
        for pid in self.processes():
            try:
                os.kill(pid, 9)
            except OSError:
                pass

    def left(self):
        """What is still there of this world: sentences.  Waits a while for it to go."""
        if self.kind == "real":
            self.kill()
            return []
        deadline = time.monotonic() + PATIENCE
        while True:
            found = [f"process: {leaks.describe(p)}" for p in self.processes() if not leaks.is_gone(p)]
            found += [f"file: {path}" for path in sorted(leaks.listing(f"{self.run_dir}/*", f"{self.home}/*"))]
            if not found or time.monotonic() > deadline:
                return found
            time.sleep(0.02)

    def reports(self):
        """What the sanitizers wrote of this world's processes."""
        return "\n".join(p.read_text(errors="replace") for p in sorted(self.logs.iterdir()))

    def remove(self):
        self.kill()
        shutil.rmtree(self.top, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


def needs_yard(stage):
    """The program under test must be there: its absence is a failure, never a skip."""
    if stage.wireyard is None:
        print("1..1\nnot ok 1 - there is a wireyard to test: build it, or set WIREYARD")
        sys.exit(1)
