# SPDX-License-Identifier: BSD-2-Clause
#
# leaks - what a test left behind.
#
# The runner is a subreaper: whatever a test leaves running becomes a descendant of the runner,
# so processes are found exactly, however they were detached.  The rest is compared with a
# snapshot from before: mounts, names in /run/netns, links, and files in the places that wireyard
# or a test may use.
import ctypes
import glob
import os
import signal
import time

PR_SET_CHILD_SUBREAPER = 36
GRACE = 10.0  # seconds that the kernel's and the engine's tidying may take; waited only if needed


def become_subreaper():
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(keep=()):
    """Reap the orphans that have come to us and are dead, as init would; the children @keep are
    someone else's to wait for."""
    try:
        while True:
            dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if not dead or dead.si_pid in keep:
                return
            os.waitpid(dead.si_pid, os.WNOHANG)
    except ChildProcessError:
        pass


def parents():
    table = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", "rb") as f:
                    table[int(entry)] = int(f.read().rpartition(b")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                pass
    return table


def descendants(root=None):
    """The pids of all processes below @root (this one), deepest included."""
    table = parents()
    found, new = set(), {root or os.getpid()}
    while new:
        new = {pid for pid, parent in table.items() if parent in new} - found
        found |= new
    return found


def describe(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            words = f.read().replace(b"\0", b" ").decode(errors="replace").strip()
        with open(f"/proc/{pid}/comm") as f:
            comm = f.read().strip()
        with open(f"/proc/{pid}/stat", "rb") as f:
            state = f.read().rpartition(b")")[2].split()[0].decode()
        return f"{pid} {state} {words or '[' + comm + ']'}"
    except OSError:
        return str(pid)


def is_gone(pid):
    try:
        with open(f"/proc/{pid}/stat", "rb") as f:
            return f.read().rpartition(b")")[2].split()[0] in (b"Z", b"X")
    except OSError:
        return True


def kill_tree(root=None):
    for pid in descendants(root):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


def mounts():
    with open("/proc/self/mountinfo") as f:
        return {" ".join(line.split()[i] for i in (3, 4)) + " " + line.split(" - ")[1].split()[0] for line in f}


def listing(*places):
    found = set()
    for place in places:
        for top in glob.glob(place):
            found.add(top)
            for folder, folders, files in os.walk(top):
                found |= {os.path.join(folder, name) for name in folders + files}
    return found


def is_ours(path):
    try:
        return os.lstat(path).st_uid == os.getuid() or os.getuid() == 0
    except OSError:
        return False


def links():
    with open("/proc/self/net/dev") as f:
        return {line.split(":")[0].strip() for line in f if ":" in line}


class Snapshot:
    """The state of what may leak; @folders are the suite's own and must end as they began."""

    def __init__(self, folders=()):
        self.folders = list(folders)
        self.mounts = mounts()
        self.names = listing("/run/netns/*")
        self.links = links()
        self.files = self.list_files()

    def list_files(self):
        uid = os.getuid()
        public = listing("/run/wireyard*", f"/run/user/{uid}/wireyard*", "/tmp/wireyard*", "/tmp/.wireyard-[!s]*",
                         "/dev/shm/wireyard*", "/dev/shm/*urcu*")
        # What lies in public places may be another user's.
        return set(filter(is_ours, public)) | listing(*[os.path.join(f, "*") for f in self.folders])

    def leaks(self):
        """What is there now and was not: a list of sentences, empty when all is clean."""
        deadline = time.monotonic() + GRACE
        while True:
            reap()
            found = [f"process: {describe(p)}" for p in sorted(descendants()) if not is_gone(p)]
            found += [f"mount: {m}" for m in sorted(mounts() - self.mounts)]
            found += [f"named namespace: {n}" for n in sorted(listing("/run/netns/*") - self.names)]
            found += [f"link: {n}" for n in sorted(links() - self.links)]
            found += [f"file: {f}" for f in sorted(self.list_files() - self.files)]
            if not found or time.monotonic() > deadline:
                return found
            time.sleep(0.05)
