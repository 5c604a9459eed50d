#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# leaks - what cycles of work leave in a running yard, and what a yard leaves however it ends.
#
# The engine is watched from outside while a shell inside it works: open files and memory must come back to
# where they were, namespaces must really die.  Then each process of a yard in turn
# is killed by SIGKILL, after which no process, socket, file or mount may remain.
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

from lib import leaks, tap, world  # noqa: E402

CYCLE = """(
set -e
ip netns add cycle
ip link add va type veth peer name vb
ip link add vc type veth peer name vd netns cycle
ip link add d0 type dummy
ip tuntap add t0 mode tap
ip link set vb netns cycle
ip link set va up; ip -n cycle link set vb up
ip addr add 10.0.0.1/24 dev va
ip -n cycle addr add 10.0.0.2/24 dev vb
ping -c1 -W2 10.0.0.2 >/dev/null
ip link set t0 netns cycle
! ip link add vz type nosuchkind 2>/dev/null
! ip link add va type veth peer name vb 2>/dev/null
ip link del va
ip link del d0
ip netns del cycle
# The namespace dies after its name, and takes vd and so vc with it.
for i in $(seq 100); do ip link show vc >/dev/null 2>&1 || break; sleep 0.05; done
) 2>&1"""
PATIENCE = 15.0


class Shell:
    """A shell in a yard, fed line by line; the yard lives until its input ends."""

    def __init__(self, where, **how):
        self.process = where.start(["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **how)

    def run(self, script):
        self.process.stdin.write(f"{script}\n_status=$?; echo; echo @end $_status\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.startswith("@end"):
                return "".join(lines).strip(), int(line.split()[1])
            lines.append(line)
        raise RuntimeError("the yard ended")

    def end(self):
        self.process.stdin.close()
        return self.process.wait(30)


def wireyards(where):
    """The pids of the yard's own processes, as opposed to the programs that run in it."""
    found = []
    for pid in sorted(where.processes()):
        try:
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "wireyard":
                found.append(pid)
        except OSError:
            pass
    return found


def open_files(pids):
    total = {}
    for pid in pids:
        for fd in os.listdir(f"/proc/{pid}/fd"):
            try:
                target = os.readlink(f"/proc/{pid}/fd/{fd}").split(":")[0]
            except OSError:
                continue
            total[target] = total.get(target, 0) + 1
    return total


def resident(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/statm") as f:
            total += int(f.read().split()[1]) * 4
    return total


def until(test):
    """Wait while the engine and the kernel tidy up; the last answer of @test."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := test()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def cycles(writer, stage, user):
    """Open files, threads and devices after work as before it."""
    with world.World(stage, "yard", user, "cycles") as where:
        shell = Shell(where)
        shell.run(CYCLE)
        until(lambda: shell.run("ip -br link | wc -l")[0] == "1")
        time.sleep(0.5)
        pids = wireyards(where)
        before, threads = open_files(pids), sum(len(os.listdir(f"/proc/{p}/task")) for p in pids)
        writer.point(pids, f"the yard's own processes are there to be watched, as {user}")
        bad = [output for output, status in (shell.run(CYCLE) for _ in range(10)) if status]
        writer.point(not bad, f"ten cycles of work succeed, as {user}", bad[:1])
        settled = until(lambda: open_files(pids) == before)
        writer.point(settled, f"they leave no file open, as {user}",
                     "\n".join(f"{k}: {before.get(k, 0)} before, {v} now" for k, v in open_files(pids).items()
                               if v != before.get(k, 0)))
        now = sum(len(os.listdir(f"/proc/{p}/task")) for p in pids)
        writer.point(threads == now, f"nor a thread, as {user}", f"{threads} before, {now} now")
        left, _ = shell.run("ip -br link | grep -v '^lo'; ls /run/netns")
        writer.point(not left, f"nor a device or namespace, as {user}", left)
        shell.run("ip netns add dying; ip netns set dying 77; ip link add va type veth peer name vb netns dying")
        shell.run("ip link add vx type veth peer name vy; ip link set vy netns dying; ip link set vx up; ip netns del dying")
        gone = until(lambda: shell.run("ip netns list-id | grep -c 'nsid 77'")[0] == "0")
        writer.point(gone, f"a deleted namespace dies, with a device born there and one moved there, as {user}",
                     shell.run("ip netns list-id; ip link")[0])
        links = until(lambda: not shell.run("ip -br link | grep -v '^lo'")[0])
        writer.point(links, f"and both ends of its veths, as {user}", shell.run("ip link")[0])
        writer.point(shell.end() == 0, f"the yard ends well, as {user}")
        left = where.left()
        writer.point(not left, f"and leaves nothing, as {user}", "\n".join(left))
        writer.point(not where.reports(), f"no sanitizer report, as {user}", where.reports())


def memory(writer, stage, user):
    """The release build's resident memory stops growing."""
    with world.World(stage, "yard", user, "memory") as where:
        shell = Shell(where)
        for _ in range(15):
            shell.run(CYCLE)
        pids = wireyards(where)
        before = resident(pids)
        for _ in range(30):
            shell.run(CYCLE)
        grown = resident(pids) - before
        writer.note(f"resident {before} KiB, {grown} KiB more after 30 cycles, as {user}")
        writer.point(grown < 512, f"thirty cycles add no 512 KiB, as {user}", f"{grown} KiB more than {before}")
        shell.end()


def killed(writer, stage, user):
    """Each process of the yard killed in turn: the front, the engine, the command, whatever there is."""
    victims, turn = 1, 0
    while turn < victims:
        with world.World(stage, "yard", user, f"kill-{turn}") as where:
            shell = Shell(where)
            shell.run("ip netns add n1; ip link add va type veth peer name vb netns n1; ip tuntap add t0 mode tap; sleep 300 &")
            shell.run("until pgrep -x sleep; do :; done >/dev/null")
            pids = sorted(set(where.processes()))
            victims = len(pids)
            words = leaks.describe(pids[turn]).split(" ", 1)[1]
            os.kill(pids[turn], 9)
            if "sleep" in words:
                shell.run("true")
                shell.end()
            until(lambda: not where.left())
            left = where.left()
            writer.point(not left, f"nothing is left when process {turn + 1} of the yard is killed, as {user}",
                         f"killed: {words}\n" + "\n".join(left))
            try:
                shell.process.stdin.close()
            except OSError:
                pass
            where.kill()
            shell.process.wait(30)
        turn += 1


def ends(writer, stage, user):
    """Ways to end: statuses and signals go through, and nothing remains."""
    for script, status in (("exit 0", 0), ("exit 3", 3), ("kill -9 $$", 137), ("kill -TERM $$", 143),
                           ("nosuchcommand 2>/dev/null", 127), ("sleep 100 & sleep 100 & exit 5", 5),
                           ("setsid sleep 100 & exit 6", 6), ("ip tuntap add t0 mode tap; exit 4", 4)):
        with world.World(stage, "yard", user, "ends") as where:
            done = where.run(["bash", "-c", script])
            writer.point(done.status == status and not done.leaks, f"\"{script}\" ends with {status}, as {user}",
                         f"status {done.status}\n{done.output}\n" + "\n".join(done.leaks))


def attempt(section, writer, stage, user):
    """A yard that ends before its time fails its section, not the rest."""
    try:
        section(writer, stage, user)
    except (RuntimeError, OSError) as error:
        writer.point(False, f"{section.__name__}, to the end, as {user}", error)


def main():
    writer = tap.Writer()
    with world.Stage() as stage:
        world.needs_yard(stage)
        for user in world.users():
            for section in (ends, cycles, killed):
                attempt(section, writer, stage, user)
    release = os.environ.get("WIREYARD_RELEASE", HERE.parent.parent / "build" / "wireyard")
    with world.Stage(wireyard=release) as stage:
        for user in world.users():
            attempt(memory, writer, stage, user)
    return writer.done()


sys.exit(main())
