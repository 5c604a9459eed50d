#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# death - however one of a yard's processes dies, nothing of the yard is left.
#
# That nothing is left is checked after every test: no process, no file in the runtime directory.
import os
import signal
import subprocess
import sys
import time

from helper import PATIENCE, Failed, children, expect, expect_equal, expect_match, run_tests, until

DAEMONS = "for i in 1 2 3; do (setsid sleep 1000 & setsid setsid sleep 1000 &) >/dev/null 2>&1; done; echo up; "


def command_of(process, place):
    """The command of the yard: the starter's child that is not init."""
    (pid,) = set(children(process.pid)) - {place.init()}
    return pid


def ended(process):
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, err


def a_yard_ends_with_its_command(place):
    with place.running("echo up; read x") as (process, _):
        pass
    done = place.run("run", "sh", "-c", DAEMONS + "exit 9")
    expect_equal(done.returncode, 9, "status")


def the_command_is_killed(place):
    with place.running(DAEMONS + "exec sleep 1000") as (process, _):
        os.kill(command_of(process, place), signal.SIGKILL)
        status, err = ended(process)
        expect_equal((status, err), (137, ""), "status and what was said")


def the_engine_is_killed(place):
    with place.running(DAEMONS + "exec sleep 1000") as (process, _):
        os.kill(place.engine(), signal.SIGKILL)
        status, err = ended(process)
        expect_equal(status, 137, "status")
        expect_match(r'^wireyard: the engine of yard "yard-1" was killed by signal 9 \(Killed\), so the yard ends\n$', err)


def the_engine_of_a_named_yard_is_killed(place):
    with place.running(DAEMONS + "exec sleep 1000", name="x") as (process, _):
        os.kill(place.engine(), signal.SIGKILL)
        status, err = ended(process)
        expect_equal(status, 137, "status")
        expect_match(r'engine of yard "x" was killed', err)


def the_engine_of_a_named_yard_is_killed_with_nobody_there(place):
    place.good("run", "-n", "x", "true")
    os.kill(place.engine(), signal.SIGKILL)


def init_is_killed(place):
    with place.running(DAEMONS + "exec sleep 1000") as (process, _):
        os.kill(place.init(), signal.SIGKILL)
        status, err = ended(process)
        expect_equal(status, 137, "status")


def the_init_of_a_named_yard_is_killed_and_the_next_command_sweeps(place):
    place.good("run", "-n", "x", "true")
    init = place.init()
    os.kill(init, signal.SIGKILL)
    until(lambda: place.good("ls") == "", "the yard is no longer listed")


def the_name_of_a_killed_yard_is_free_again(place):
    place.good("run", "-n", "x", "true")
    os.kill(place.init(), signal.SIGKILL)
    until(lambda: place.run("run", "-n", "x", "true").returncode == 0, "the name can be taken")
    place.good("rm", "x")


def the_starter_is_killed(place):
    with place.running(DAEMONS + "exec sleep 1000") as (process, _):
        process.kill()


def the_starter_and_init_are_killed_at_once(place):
    with place.running(DAEMONS + "exec sleep 1000") as (process, _):
        init = place.init()
        process.kill()
        os.kill(init, signal.SIGKILL)
        process.wait()
    until(lambda: place.good("ls") == "", "the yard is no longer listed")


def the_starter_is_killed_while_its_command_ignores_everything(place):
    with place.running("trap '' HUP INT TERM; echo up; while :; do sleep 1; done") as (process, _):
        process.kill()


def the_starter_of_a_named_yard_is_killed_and_the_yard_goes_on(place):
    with place.running(name="x") as (process, _):
        process.kill()
        process.wait()
        expect_equal(place.good("exec", "-n", "x", "echo", "here"), "here\n")
        place.good("rm", "x")


def the_starter_is_killed_at_any_moment_of_the_start(place):
    for i in range(30):
        with place.start("run", "sh", "-c", "sleep 1000", stdout=subprocess.DEVNULL) as process:
            time.sleep(i * 0.0005)
            process.kill()
        until(lambda: place.good("ls") == "", "no yard is left")


def the_starter_is_interrupted_at_any_moment_of_the_start(place):
    for i in range(30):
        with place.start("run", "-n", "x", "sh", "-c", "sleep 1000", stdout=subprocess.DEVNULL) as process:
            time.sleep(i * 0.0005)
            process.send_signal(signal.SIGTERM)
        until(lambda: not place.good("ls") or not place.run("rm", "x").returncode, "no yard is left")


def a_stopped_engine_does_not_keep_the_yard(place):
    with place.running(name="x") as (process, _):
        os.kill(place.engine(), signal.SIGSTOP)
        place.good("rm", "x", timeout=60)
        expect_equal(process.wait(PATIENCE), 137, "status")


def a_stopped_engine_does_not_keep_the_yard_of_a_command_that_ends(place):
    with place.running("echo up; read x; exit 4", stdin=subprocess.PIPE) as (process, _):
        os.kill(place.engine(), signal.SIGSTOP)
        process.stdin.write("go\n")
        process.stdin.flush()
        expect_equal(process.wait(PATIENCE), 4, "status")


def a_visitor_hears_that_the_yard_has_ended(place):
    place.good("run", "-n", "x", "true")
    with place.start("exec", "-n", "x", "sh", "-c", "echo up; exec sleep 1000") as visitor:
        visitor.stdout.readline()
        os.kill(place.engine(), signal.SIGKILL)
        status, err = ended(visitor)
        expect_equal((status, err), (137, 'wireyard: yard "x" has ended\n'), "status and what was said")


def a_killed_visitor_leaves_the_yard_alone(place):
    place.good("run", "-n", "x", "true")
    with place.start("exec", "-n", "x", "sh", "-c", "echo up; exec sleep 1000") as visitor:
        visitor.stdout.readline()
        visitor.kill()
    expect_equal(place.good("exec", "-n", "x", "echo", "here"), "here\n")
    place.good("rm", "x")


def a_stopped_visitor_does_not_keep_rm_waiting(place):
    place.good("run", "-n", "x", "true")
    with place.start("exec", "-n", "x", "sh", "-c", "echo up; exec sleep 1000") as visitor:
        visitor.stdout.readline()
        visitor.send_signal(signal.SIGSTOP)
        place.good("rm", "x")
        expect_equal(place.good("ls"), "")
        visitor.send_signal(signal.SIGCONT)
        status, err = ended(visitor)
        expect_equal((status, err), (137, 'wireyard: yard "x" has ended\n'), "status and what was said")


def orphans_in_a_named_yard_are_reaped(place):
    place.good("run", "-n", "x", "sh", "-c", "for i in 1 2 3 4 5; do (setsid sleep 0.01 &) ; done")
    init = place.init()

    def zombies():
        return [pid for pid in children(init) if open(f"/proc/{pid}/stat").read().split()[2] == "Z"]

    until(lambda: len(children(init)) == 1 and not zombies(), "only the engine is left below init")
    place.good("rm", "x")


def a_command_that_closes_nothing_gets_no_descriptors_of_ours(place):
    names = place.good("run", "ls", "-l", "/proc/self/fd")
    numbers = sorted(int(line.split(" -> ")[0].split()[-1]) for line in names.splitlines() if " -> " in line)
    expect(numbers in ([0, 1, 2, 3], [0, 1, 2]), f"descriptors {names}")


def a_yard_holds_no_descriptors_of_its_starter(place):
    """Whoever waits for the end of a pipe does not wait for a named yard."""
    done = place.run("run", "-n", "x", "sh", "-c", "echo out; echo err >&2")
    expect_equal((done.stdout, done.stderr), ("out\n", "err\n"))
    read, write = os.pipe()
    place.good("rm", "x")
    with place.start("run", "-n", "y", "true", pass_fds=(write,)) as process:
        process.wait(PATIENCE)
    os.close(write)
    expect_equal(os.read(read, 1), b"", "the pipe")
    os.close(read)
    place.good("rm", "y")


def the_mounts_of_a_yard_stay_inside(place):
    with open("/proc/self/mounts") as f:
        before = f.read()
    done = place.good("run", "sh", "-c", "ip netns add in1 && mount -t tmpfs none /mnt && cat /proc/self/mounts")
    expect("/run/netns/in1" in done and " /mnt tmpfs" in done, done)
    with open("/proc/self/mounts") as f:
        expect_equal(f.read(), before, "the mounts outside")
    expect(not os.path.exists("/run/netns/in1"), "no name outside")


def namespaces_named_in_a_yard_end_with_it(place):
    script = "ip netns add a && ip netns exec a setsid sleep 1000 & sleep 0.1; echo up; exec sleep 1000"
    with place.running(script) as (process, _):
        process.kill()


sys.exit(run_tests([value for name, value in list(globals().items())
                    if callable(value) and value.__module__ == "__main__" and name not in ("command_of", "ended")]))
