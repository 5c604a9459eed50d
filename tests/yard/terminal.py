#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# terminal - a yard's command has the terminal as if the shell had started it.
import fcntl
import struct
import sys
import termios

from helper import Terminal, expect, run_tests

CTRL_C, CTRL_D, CTRL_Z, CTRL_BACKSLASH = "\x03", "\x04", "\x1a", "\x1c"
BASH = "bash --norc --noprofile -i"
# What is typed before the command reads would go to the shell: each says when it is there.
CAT = "sh -c 'echo ready >&2; exec cat'"


def prove_it_reads(t, word):
    t.command(word, f"{word}\n")


def ctrl_c_interrupts_the_command(place):
    with Terminal(place) as t:
        t.command("$WY run sh -c 'echo ready; exec sleep 1000'", "ready\n")
        t.type(CTRL_C)
        t.see("outer> ")
        t.command("echo status=$?", "status=130\n")


def ctrl_backslash_quits_the_command(place):
    with Terminal(place) as t:
        t.command("$WY run sh -c 'ulimit -c 0; echo ready; exec sleep 1000'", "ready\n")
        t.type(CTRL_BACKSLASH)
        t.see("outer> ")
        t.command("echo status=$?", "status=131\n")


def a_command_that_catches_ctrl_c_goes_on(place):
    with Terminal(place) as t:
        t.command("$WY run sh -c 'trap \"echo caught\" INT; echo ready; until read x; do :; done; echo got $x; exit 5'", "ready\n")
        t.type(CTRL_C)
        t.see("caught\n")
        t.command("word", "got word\n")
        t.command("echo status=$?", "status=5\n")


def ctrl_z_stops_and_fg_continues(place):
    with Terminal(place) as t:
        t.command(f"$WY run {CAT}", "ready\n")
        prove_it_reads(t, "one")
        t.type(CTRL_Z)
        t.see("Stopped")
        t.command("jobs", r"\[1\]\+ +Stopped")
        t.command("fg", "cat'\n")
        prove_it_reads(t, "two")
        t.type(CTRL_D)
        t.see("outer> ")
        t.command("echo status=$?", "status=0\n")


def a_stopped_command_can_go_on_in_the_background(place):
    # Only builtins: a shell that is stopped while it vforks does not count as stopped.
    with Terminal(place) as t:
        t.command("$WY run bash -c 'echo ready; until [ -e go ]; do :; done; echo done'", "ready\n")
        t.type(CTRL_Z)
        t.see("Stopped")
        t.command("bg; >go", "done\n")
        t.command("wait; echo status=$?", "status=0\n")


def a_background_command_that_reads_stops_until_fg(place):
    with Terminal(place) as t:
        t.command("$WY run cat &", r"\[1\] \d+")
        t.command("while ! jobs | grep Stopped; do sleep 0.1; done", "Stopped")
        t.command("fg", "run cat\n")
        t.command("hello", "hello\n")
        t.type(CTRL_D)
        t.see("outer> ")
        t.command("echo status=$?", "status=0\n")


def a_pipeline_shares_the_terminal(place):
    with Terminal(place) as t:
        t.command(f"$WY run {CAT} | tr a-z A-Z", "ready\n")
        t.type("shout\n" + CTRL_D)
        t.see("SHOUT\n")
        t.command("echo status=${PIPESTATUS[0]}", "status=0\n")
        t.command(f"$WY run {CAT} | cat", "ready\n")
        t.type(CTRL_Z)
        t.see("Stopped")
        t.command("fg", "| cat\n")
        prove_it_reads(t, "word")
        t.type(CTRL_C)
        t.see("outer> ")
        t.command("echo status=${PIPESTATUS[0]}", "status=130\n")


def the_command_sees_the_size_of_the_terminal_change(place):
    with Terminal(place) as t:
        t.command("$WY run bash -c 'trap \"stty size; exit 0\" WINCH; echo ready; while :; do sleep 0.1; done'", "ready\n")
        fcntl.ioctl(t.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 77, 0, 0))
        t.see("33 77\n")


def sh_gives_a_shell_with_job_control(place):
    with Terminal(place, env={"SHELL": "/bin/bash"}) as t:
        t.see("outer> ")
        start = t.command("$WY sh", "bash[^\n]*[#$] |[#$>] ")
        start += t.command("PS1='inner> '; echo in $WIREYARD", r"in yard-1\n")
        expect("job control" not in start, start)
        t.see("inner> ")
        t.command(CAT, "ready\n")
        prove_it_reads(t, "word")
        t.type(CTRL_Z)
        t.see("Stopped +sh")
        t.command("jobs", r"\[1\]\+ +Stopped +sh")
        t.command("fg", "cat'\n")
        prove_it_reads(t, "word")
        t.type(CTRL_C)
        t.see("inner> ")
        t.command("echo status=$?", "status=130\n")
        t.command("exit 3", "outer> ")
        t.command("echo status=$?", "status=3\n")


def a_shell_in_a_yard_can_be_suspended(place):
    with Terminal(place) as t:
        t.command(f"$WY run {BASH}", "# |outer> ")
        t.command("PS1='inner> '", "inner> ")
        t.command("suspend", "Stopped")
        t.command("echo I am $WIREYARD.", r"I am \.\n")
        t.command("fg", "inner> |run bash")
        t.command("echo I am $WIREYARD.", r"I am yard-1\.\n")
        t.command("exit", "exit\n")
        t.command("echo I am $WIREYARD.", r"I am \.\n")


def dash_takes_and_returns_the_terminal(place):
    with Terminal(place) as t:
        t.command("PS1=inner: SHELL=/bin/dash $WY sh", "inner:|# |[$] ")
        t.command(CAT, "ready\n")
        t.type(CTRL_C)
        t.see(":|[#$] ")
        t.command("echo $WIREYARD", "yard-1\n")
        rest = t.command("exit 4", "outer> ")
        expect("annot" not in rest, rest)
        t.command("echo status=$?", "status=4\n")


def ctrl_c_also_ends_a_script_around_the_command(place):
    with Terminal(place) as t:
        t.command("dash -c '$WY run sh -c \"echo ready; exec sleep 1000\"; echo after'", "ready\n")
        t.type(CTRL_C)
        rest = t.see("outer> ") + t.command("echo status=$?", r"status=\d+\n")
        expect("after" not in rest and "status=130" in rest, rest)


def closing_the_terminal_ends_the_yard(place):
    with Terminal(place) as t:
        t.command("$WY run sh -c 'echo ready; exec sleep 1000'", "ready\n")
    place.expect_nothing_left()


def exec_has_the_terminal_too(place):
    place.good("run", "-n", "x", "true")
    with Terminal(place) as t:
        t.command(f"$WY exec -n x {CAT}", "ready\n")
        prove_it_reads(t, "one")
        t.type(CTRL_Z)
        t.see("Stopped")
        t.command("fg", "cat'\n")
        prove_it_reads(t, "two")
        t.type(CTRL_C)
        t.see("outer> ")
        t.command("echo status=$?", "status=130\n")
    place.good("rm", "x")


sys.exit(run_tests([value for value in list(globals().values())
                    if callable(value) and value is not prove_it_reads and value.__module__ == "__main__"]))
