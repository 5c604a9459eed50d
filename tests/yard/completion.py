#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# completion - bash completes verbs, options, yards and commands; the manual knows every verb.
import pathlib
import re
import subprocess
import sys

from helper import expect, expect_equal, run_tests

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def complete(place, *words):
    """What bash offers for the last of @words."""
    quoted = " ".join(f"'{word}'" for word in words)
    script = (f"set -e; . ./completion; COMP_WORDS=(wireyard {quoted}); COMP_CWORD={len(words)}; "
              f'_wireyard "$WY"; printf "%s\\n" "${{COMPREPLY[@]}}"')
    (place.cwd / "completion").write_text((ROOT / "tools/completion/wireyard").read_text())
    prefix = place.words("x")[:-2]
    done = subprocess.run([*prefix, "bash", "--norc", "-c", script], text=True, capture_output=True, cwd=place.cwd,
                          env=place.environment({"WY": str(place.stage.wireyard)}), check=False)
    expect_equal((done.returncode, done.stderr), (0, ""), "bash")
    return done.stdout.split()


def verbs(place):
    return re.findall(r"^  (\w+) ", place.good("help"), re.M)


def verbs_are_completed(place):
    expect_equal(complete(place, ""), verbs(place))
    expect_equal(complete(place, "do"), ["doctor"])
    expect_equal(complete(place, "help", "r"), ["run", "rm"])


def options_are_completed(place):
    expect_equal(complete(place, "run", "--n"), ["--name"])
    expect_equal(complete(place, "ls", "--"), ["--json", "--help"])
    expect_equal(complete(place, "net", ""), ["default", "ls", "rm"])
    expect_equal(complete(place, "net", "default", "--u"), ["--uplink"])
    expect_equal(complete(place, "net", "rm", "d"), ["default"])


def yards_are_completed(place):
    for name in ("one", "other", "third"):
        place.good("run", "-n", name, "true")
    expect_equal(complete(place, "rm", "o"), ["one", "other"])
    expect_equal(complete(place, "exec", "-n", ""), ["one", "other", "third"])
    place.good("rm", "one", "other", "third")


def commands_and_their_files_are_completed(place):
    (place.cwd / "unlikely-file").write_text("")
    expect("sleep" in complete(place, "run", "slee"), "sleep is offered")
    expect("sleep" in complete(place, "exec", "-n", "x", "slee"), "sleep is offered to exec")
    expect_equal(complete(place, "run", "cat", "unlik"), ["unlikely-file"])


def the_manual_knows_every_verb_and_option(place):
    manual = (ROOT / "doc/wireyard.1").read_text()
    for verb in verbs(place):
        expect(re.search(rf"^\.It Cm {verb}\b", manual, re.M), f"wireyard(1) has no paragraph about {verb}")
        for option in re.findall(r"--(\w+)", place.good("help", verb)):
            expect(f"Fl -{option}" in manual, f"wireyard(1) lacks --{option}")


sys.exit(run_tests([value for name, value in list(globals().items())
                    if callable(value) and value.__module__ == "__main__" and name not in ("complete", "verbs")]))
