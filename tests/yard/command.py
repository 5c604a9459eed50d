#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# command - what the verbs do, say and return.
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys

from helper import PATIENCE, expect, expect_equal, expect_match, run_tests, until


def complaint(place, wanted_status, pattern, *words, **how):
    """The command ends with this status and says exactly one line, which matches."""
    done = place.run(*words, **how)
    expect_equal(done.returncode, wanted_status, f"status of {words}")
    expect_match(r"\Awireyard: [^\n]*\n\Z", done.stderr, "standard error")
    expect_match(pattern, done.stderr, "the sentence")
    return done


def run_returns_the_status_of_the_command(place):
    for status in (0, 1, 2, 77, 125, 126, 127, 255):
        expect_equal(place.run("run", "sh", "-c", f"exit {status}").returncode, status)


def run_returns_128_and_the_signal_that_killed_the_command(place):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGUSR1):
        done = place.run("run", "sh", "-c", f"ulimit -c 0; kill -{int(number)} $$")
        expect_equal((done.returncode, done.stderr), (128 + number, ""))


def a_command_that_does_not_exist_is_127(place):
    complaint(place, 127, '"nosuchcommand"', "run", "nosuchcommand")
    complaint(place, 127, '"./nosuch"', "run", "./nosuch")
    complaint(place, 127, '"/no/such"', "run", "/no/such")
    complaint(place, 127, '""', "run", "")


def a_command_that_cannot_be_executed_is_126(place):
    (place.cwd / "plain").write_text("#!/bin/sh\n")
    complaint(place, 126, '"./plain" cannot be executed: Permission denied', "run", "./plain")
    complaint(place, 126, "Permission denied", "run", "/")


def the_words_of_the_command_are_untouched(place):
    out = place.good("run", "--", "printf", "<%s>", "-n", "a b", "", "*", "$x", "--", "ü")
    expect_equal(out, "<-n><a b><><*><$x><--><ü>")
    expect_equal(place.good("run", "printf", "<%s>", "--help"), "<--help>")
    expect_equal(place.good("run", "-n", "x", "--", "printf", "%s", "ok"), "ok")
    expect_equal(place.good("exec", "-n", "x", "printf", "<%s>", "-n", "--"), "<-n><-->")
    place.good("rm", "x")


def the_command_finds_its_folder_and_files(place):
    (place.cwd / "here").write_text("content")
    expect_equal(place.good("run", "sh", "-c", "pwd; cat here"), f"{place.cwd}\ncontent")


def the_command_inherits_input_environment_and_limits(place):
    expect_equal(place.good("run", "cat", stdin="some input\n"), "some input\n")
    expect_equal(place.good("run", "sh", "-c", "echo $GREETING", env={"GREETING": "hello"}), "hello\n")
    limit = subprocess.check_output(["sh", "-c", "ulimit -n; ulimit -Hn; umask"], text=True)
    expect_equal(place.good("run", "sh", "-c", "ulimit -n; ulimit -Hn; umask"), limit)


def it_runs_without_standard_streams_and_with_few_descriptors(place):
    words = " ".join(f"'{w}'" for w in place.words("run", "sh", "-c", "echo ran >out"))
    subprocess.run(["sh", "-c", f"ulimit -n 24; exec {words} <&- >&- 2>&-"], env=place.environment(), cwd=place.cwd,
                   check=True, timeout=PATIENCE)
    expect_equal((place.cwd / "out").read_text(), "ran\n")


def lists_of_processes_tell_what_is_what(place):
    with place.running(name="x") as (_, __):
        users = "all-users" if place.uid == 0 else "one-user"
        words = place.good("exec", "-n", "x", "ps", "-o", "args=", "-A").splitlines()
        expect_equal(words[:3], ["wireyard-init x", f"wireyard-engine x {users}", "sleep 1000"])
        place.good("rm", "x")


def the_command_gets_no_blocked_or_ignored_signals_from_us(place):
    out = place.good("run", "grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")
    expect_match(r"SigBlk:\s0{16}\n", out)


def the_command_is_root_of_a_world_of_its_own(place):
    out = place.good("run", "sh", "-c", "id -u; id -g; echo $$; ls /sys/class/net; ls /run/netns | wc -l; echo $WIREYARD")
    lines = out.split()
    expect_equal(lines[:2] + lines[3:], ["0", "0", "lo", "0", "yard-1"])
    expect(int(lines[2]) < 50, f"pid {lines[2]} is one of a process namespace of its own")


def a_yard_has_its_own_proc_sys_and_names(place):
    out = place.good("run", "sh", "-c", "readlink /proc/self; ip netns add one; ip netns; ip netns exec one ls /sys/class/net;"
                     "cat /proc/1/comm; ls /sys/fs/cgroup | wc -l")
    words = out.split()
    expect_equal(words[1:4], ["one", "lo", "wireyard-init"])
    expect_equal(int(words[4]), len(os.listdir("/sys/fs/cgroup")), "entries of /sys/fs/cgroup")


def everything_below_run_stays_where_it_is(place):
    inside = place.good("run", "ls", "-A", "/run").split()
    expect_equal(set(os.listdir("/run")) - set(inside), set(), "missing in the yard's /run")
    expect(set(inside) - set(os.listdir("/run")) <= {"netns"}, f"new in the yard's /run: {inside}")
    # A socket in the runtime directory still reaches its server.
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place.run_dir / "sock"))
        os.chmod(place.run_dir / "sock", 0o777)
        server.listen()
        script = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect({str(place.run_dir / 'sock')!r}); print('in')"
        expect_equal(place.good("run", "/usr/bin/python3", "-c", script), "in\n")
    os.unlink(place.run_dir / "sock")


def signals_are_forwarded(place):
    names = ("HUP", "INT", "QUIT", "TERM", "USR1", "USR2")
    traps = "".join(f"trap 'echo got {name}; exit {50 + i}' {name}; " for i, name in enumerate(names))
    for i, name in enumerate(names):
        with place.running(traps + "echo up; while :; do sleep 0.05; done") as (process, _):
            process.send_signal(getattr(signal, "SIG" + name))
            out, _ = process.communicate(timeout=PATIENCE)
            expect_equal((process.returncode, out), (50 + i, f"got {name}\n"))


def a_forwarded_signal_that_kills_shows_in_the_status(place):
    with place.running() as (process, _):
        process.send_signal(signal.SIGTERM)
        expect_equal(process.wait(PATIENCE), 143)


def a_named_yard_goes_on_until_rm(place):
    place.good("run", "-n", "x", "ip", "netns", "add", "kept")
    expect_equal(place.good("exec", "-n", "x", "--", "ip", "netns"), "kept\n")
    expect_equal(place.good("exec", "--name=x", "sh", "-c", "echo $WIREYARD"), "x\n")
    expect_equal(place.run("exec", "-n", "x", "sh", "-c", "exit 6").returncode, 6)
    (yard,) = place.listed()
    expect_equal((yard["name"], yard["named"], yard["command"]), ("x", True, ["ip", "netns", "add", "kept"]))
    place.good("rm", "x")
    expect_equal(place.listed(), [])
    complaint(place, 125, 'there is no yard "x"', "exec", "-n", "x", "true")


def exec_without_a_command_is_a_shell(place):
    place.good("run", "-n", "x", "true")
    expect_equal(place.good("exec", "-n", "x", stdin="echo in $WIREYARD\n"), "in x\n")
    place.good("rm", "x")


def sh_runs_the_shell(place):
    expect_equal(place.good("sh", stdin="echo in $WIREYARD\n"), "in yard-1\n")
    done = place.run("sh", "-n", "x", stdin="exit 3\n", env={"SHELL": "/bin/bash"})
    expect_equal(done.returncode, 3)
    place.good("rm", "x")
    expect_equal(place.good("sh", stdin="echo $0\n", env={"SHELL": ""}), "/bin/sh\n")


def visitors_and_starter_share_one_world(place):
    with place.running(name="x") as (_, __):
        place.good("exec", "-n", "x", "ip", "link", "set", "lo", "mtu", "1234")
        expect_match("mtu 1234", place.good("exec", "-n", "x", "ip", "link", "show", "lo"))
        pids = place.good("exec", "-n", "x", "sh", "-c", "ls /proc | grep '^[0-9]*$' | wc -l")
        expect(int(pids) >= 4, f"{pids} processes are seen")
        place.good("rm", "x")


def rm_ends_all_that_runs(place):
    with place.running("trap '' TERM HUP INT; echo up; while :; do sleep 1; done", name="x") as (process, _):
        place.good("rm", "x")
        expect_equal(process.wait(PATIENCE), 137)


def rm_of_several_goes_on_after_an_unknown_one(place):
    place.good("run", "-n", "a", "true")
    place.good("run", "-n", "b", "true")
    complaint(place, 1, 'there is no yard "nosuch"', "rm", "a", "nosuch", "b")
    expect_equal(place.listed(), [])


def ls_is_a_table(place):
    expect_equal(place.good("ls"), "")
    expect_equal(place.listed(), [])
    with place.running() as (_, __):
        head, row = place.good("ls").splitlines()
        expect_equal(head.split(), ["NAME", "PID", "AGE", "DEVICES", "COMMAND"])
        expect_match(rf"^yard-1 +{place.init()} +\d+s +\d+  sh -c echo up; exec sleep 1000$", row)
        (yard,) = place.listed()
        expect_equal({k: type(v).__name__ for k, v in yard.items()},
                     {"pid": "int", "single_uid": "bool", "named": "bool", "started": "int", "command": "list",
                      "name": "str", "age": "int", "devices": "int"})


def ls_goes_on_past_an_engine_that_does_not_answer(place):
    with place.running() as (_, __):
        engine = place.engine()
        os.kill(engine, signal.SIGSTOP)
        expect_match(r"^yard-1 +\d+ +\d+s +-  sh", place.good("ls").splitlines()[1])
        expect_equal(place.listed()[0]["devices"], None)
        os.kill(engine, signal.SIGCONT)


def names_have_limits(place):
    for name in ("x" * 33, "x" * 5000):
        complaint(place, 125, rf"has {len(name)} characters, not 1 to 32", "run", "-n", name, "true")
    complaint(place, 125, "has 0 characters", "run", "-n", "", "true")
    for name in ("a/b", "a b", "ü", "a\nb", "..", ".hidden", "-n"):
        done = place.run("run", "-n", name, "true")
        expect_equal(done.returncode, 125, f"status for {name!r}")
        expect_match("may (only contain|not begin)", done.stderr)
    name = "A-z_0.9" + "y" * 25
    place.good("run", "-n", name, "true")
    expect_equal([y["name"] for y in place.listed()], [name])
    place.good("rm", name)


def a_name_is_taken_once(place):
    place.good("run", "-n", "x", "true")
    complaint(place, 125, 'yard "x" already exists: enter it with "wireyard exec -n x"', "run", "-n", "x", "true")
    complaint(place, 125, 'yard "x" already exists', "sh", "-n", "x")
    place.good("rm", "x")


def of_many_who_want_a_name_one_gets_it(place):
    many = [place.start("run", "-n", "x", "true") for _ in range(20)]
    statuses = sorted(p.wait(PATIENCE) for p in many)
    expect_equal(statuses, [0] + [125] * 19)
    for p in many:
        p.communicate()
    place.good("rm", "x")


def unnamed_yards_side_by_side_have_different_names(place):
    many = [place.start("run", "sh", "-c", "echo $WIREYARD; cat", stdin=subprocess.PIPE) for _ in range(20)]
    names = {p.stdout.readline().strip() for p in many}
    expect_equal(names, {f"yard-{i}" for i in range(1, 21)})
    expect_equal(len(place.listed()), 20)
    for p in many:
        p.communicate("", timeout=PATIENCE)
        expect_equal(p.returncode, 0)


def a_hundred_yards_come_and_go(place):
    for _ in range(100):
        place.good("run", "true")
    expect_equal(place.left(), [])


def a_yard_in_a_yard_is_refused_with_a_sentence(place):
    before = place.good("ls")
    done = place.run("run", place.stage.wireyard, "run", "true")
    expect_equal(done.returncode, 125)
    expect_equal(done.stderr, "wireyard: a yard inside a yard is not possible: you are in one already\n")
    expect_equal(place.good("ls"), before)


def a_yard_is_listed_from_inside(place):
    expect_match("^yard-1 ", place.good("run", place.stage.wireyard, "ls").splitlines()[1])


def usage_errors_are_one_line_and_status_2(place):
    for pattern, *words in (
            ("there is no verb \"frobnicate\"", "frobnicate"),
            ("which command", "run"),
            ("which command", "run", "-n", "x"),
            ("which command", "run", "--"),
            ("no option \"-x\"", "run", "-x", "true"),
            ("no option \"--nosuch=1\"", "run", "--nosuch=1", "true"),
            ("needs a value", "run", "-n"),
            ("needs a value", "run", "--name"),
            ("is too much", "sh", "extra"),
            ("is too much", "ls", "extra"),
            ("takes no value", "ls", "--json=yes"),
            ("which yard", "rm"),
            ("-n NAME is missing", "exec", "true"),
            ("there is no verb", "help", "nosuch")):
        complaint(place, 2, re.escape(pattern) if '"' in pattern else pattern, *words)
    done = place.run()
    expect_equal(done.returncode, 2)
    expect_match("^usage: ", done.stderr)


def help_is_everywhere(place):
    out = place.good("help")
    expect_equal(place.good("--help"), out)
    verbs = re.findall(r"^  (\w+) ", out, re.M)
    expect({"run", "sh", "exec", "ls", "rm", "doctor", "version", "help"} <= set(verbs), out)
    for verb in verbs:
        text = place.good("help", verb)
        expect_match(rf"^usage: wireyard {verb}\b", text)
        expect_equal(place.good(verb, "--help"), text)
        expect_equal(place.good(verb, "-h"), text)


def version_is_printed(place):
    out = place.good("version")
    expect_match(r"^wireyard \d+\.\d+\.\d+\n$", out)
    expect_equal(place.good("--version"), out)


def output_that_cannot_be_written_is_an_error(place):
    with open("/dev/full", "w") as full:
        process = place.start("help", stdout=full)
        _, err = process.communicate(timeout=PATIENCE)
    expect_equal(process.returncode, 1)
    expect_match("standard output cannot be written", err)


def a_runtime_directory_that_others_may_write_is_refused(place):
    place.yards.mkdir(mode=0o700)
    os.chown(place.yards, place.uid, place.uid)
    os.chmod(place.yards, 0o770)
    complaint(place, 125, "is not yours alone", "run", "true")
    place.yards.rmdir()
    target = place.cwd / "elsewhere"
    target.mkdir(mode=0o700)
    os.chown(target, place.uid, place.uid)
    place.yards.symlink_to(target)
    complaint(place, 125, "is not a directory that can be opened", "run", "true")
    place.yards.unlink()
    place.yards.write_text("a file")
    complaint(place, 125, "is not a directory that can be opened", "run", "true")
    place.yards.unlink()


def stale_files_are_swept_and_strange_ones_left_alone(place):
    stale = place.yards / "old"
    stale.mkdir(mode=0o700, parents=True)
    (stale / "yard.json").write_text('{"pid": 1}')
    for folder in (place.yards, stale, stale / "yard.json"):
        os.chown(folder, place.uid, place.uid)
    os.chmod(place.yards, 0o700)
    expect_equal(place.listed(), [])
    expect(not stale.exists(), "the stale directory is gone")


def a_visitor_cannot_enter_by_a_description_that_lies(place):
    """The pid of a description counts only while init holds the lock."""
    with place.running(name="x") as (process, _):
        init = place.init()
        path = place.yards / "x" / "yard.json"
        told = json.loads(path.read_text())
        path.write_text(json.dumps({**told, "pid": 2 ** 22 - 3}))
        complaint(place, 125, 'yard "x" has just ended|cannot be entered', "exec", "-n", "x", "true")
        path.write_text("not json")
        complaint(place, 125, 'yard "x" is only just being made', "exec", "-n", "x", "true")
        path.write_text(json.dumps(told))
        os.kill(init, 0)
        place.good("rm", "x")


def the_control_socket_survives_rubbish(place):
    with place.running(name="x") as (_, __):
        for message, pattern in ((b"rubbish", "is not JSON"), (b"[]", 'lacks the string "do"'), (b'{"do": 3}', "lacks"),
                                 (b'{"do": "nosuch"}', 'does not know "nosuch"'), (b"\xff" * 100, "is not JSON"),
                                 (b'{"do":"info","do":"info"}', "is not JSON"), (b"[" * 5000, "is not JSON"),
                                 (b" " * 65537, "longer than 65536 bytes"), (b'{"do": "gate"}', "descriptor")):
            with place.connect("x") as client:
                client.send(message)
                reply = json.loads(client.recv(65536))
                expect_equal(reply["ok"], False)
                expect_match(pattern, reply["error"], f"the answer to {message[:20]}")
        place.good("rm", "x")


def the_control_socket_survives_a_crowd(place):
    """More clients than there may be, all at once, and one that never reads."""
    with place.running(name="x") as (_, __):
        crowd = [place.connect("x") for _ in range(300)]
        for client in crowd:
            client.close()
        with place.connect("x") as deaf:
            deaf.setblocking(False)
            with contextlib.suppress(OSError):
                for _ in range(10000):
                    deaf.send(b'{"do": "info"}')
            until(lambda: place.listed()[0]["devices"] is not None, "the engine answers others")
        place.good("rm", "x")


def drops_are_told_with_their_reason(place):
    script = """ip link add v0 type veth peer name v1 && ip link set v1 mtu 600 && ip link set v1 up && ip link set v0 up &&
        ip addr add 10.0.0.1/24 dev v0 && ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0 &&
        ping -c3 -i0.01 -W0.1 -s 1000 10.0.0.9 >/dev/null; echo up; exec sleep 1000"""
    with place.running(script, name="x") as (_, __):
        head, row = place.good("drops").splitlines()
        expect_equal(head.split(), ["DEVICE", "KIND", "FRAMES", "REASON"])
        expect_match(r"^v0 +veth +3  TOO_BIG +the frame is larger than the device's MTU$", row)
        (device,) = json.loads(place.good("drops", "-n", "x", "--json"))
        expect_equal((device["name"], device["kind"], device["drops"]), ("v0", "veth", {"TOO_BIG": 3}))
        place.good("run", "-n", "y", "true")
        complaint(place, 1, "which of the 2 yards", "drops")
        expect_equal(place.good("drops", env={"WIREYARD": "y"}), "")
        place.good("rm", "x", "y")
    inside = script.replace("exec sleep 1000", f"{place.stage.wireyard} drops; {place.stage.wireyard} ls --json")
    lines = place.good("run", "sh", "-c", inside).splitlines()
    expect_match(r"^v0 +veth +3  TOO_BIG ", lines[2])
    expect_equal([y["name"] for y in json.loads("".join(lines[3:]))], ["yard-1"])
    complaint(place, 1, "no yard runs", "drops")
    complaint(place, 1, 'no yard "x"', "drops", "-n", "x")


def without_a_runtime_directory_another_place_is_found(place):
    env = {"XDG_RUNTIME_DIR": "/nonexistent"}
    base = pathlib.Path("/run/wireyard" if place.uid == 0 else f"/tmp/wireyard-{place.uid}")
    out = place.good("run", "sh", "-c", f"ls -d {base}/$WIREYARD/ctl", env=env)
    expect_match(rf"^{base}/yard-\d+/ctl\n$", out)
    expect(not base.exists() or list(base.iterdir()), f"{base} is not left empty")


sys.exit(run_tests([value for name, value in list(globals().items())
                    if callable(value) and value.__module__ == "__main__" and name != "complaint"]))
