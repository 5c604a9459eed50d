#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# soak - a thousand devices come, move and go in a yard while traffic flows (see churn), with one worker or several.
#
#   SOAK_TIMES=N  that many rounds of a thousand devices, each with a seed of its own
#   SOAK_WORLD=real  in the kernel's own namespaces, to check the test itself
#   SOAK_SEED=N   the first seed; it is printed, so a failure can be run again
import json
import os
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

from lib import tap, world  # noqa: E402

DEVICES = 1000
WORKERS = (1, 3)  # one is what most yards have


def soak(writer, stage, user, workers, seed):
    with world.World(stage, os.environ.get("SOAK_WORLD", "yard"), user, "soak") as where:
        # The kernel that a yard is checked against here may have no dummy.
        kinds = ["veth", "veth-across", "tap", "tun"] if where.kind == "real" else []
        done = where.run([world.PYTHON, stage.bin / "churn", str(seed), str(DEVICES), *kinds], timeout=600,
                         env={"WIREYARD_WORKERS": str(workers)})
        name = f"as {user}, workers {workers}, seed {seed}"
        try:
            told = json.loads(done.output.splitlines()[-1])
        except (ValueError, IndexError):
            told = {"faults": [done.output or "it said nothing"], "last": []}
        faults = told["faults"] + told["last"]
        writer.note(f"{name}: {told.get('changes')} changes, {told.get('datagrams')} datagrams")
        writer.point(not faults, f"nothing is lost, and model and kernel agree, {name}", "\n".join(faults))
        writer.point(done.status == 0 and not done.late, f"the yard ends with status 0, {name}",
                     f"status {done.status}" + (", killed as too late" if done.late else ""))
        writer.point(not done.leaks, f"nothing is left, {name}", "\n".join(done.leaks))
        writer.point(not where.reports(), f"no sanitizer report, {name}", where.reports())


def main():
    times = int(os.environ.get("SOAK_TIMES", "1"))
    seed = int(os.environ.get("SOAK_SEED", random.randrange(1 << 31)))
    writer = tap.Writer()
    with world.Stage(HERE / "churn") as stage:
        world.needs_yard(stage)
        users = world.users()
        for turn in range(times):
            now = seed + turn
            soak(writer, stage, users[now % len(users)], WORKERS[now // 2 % len(WORKERS)], now)
    return writer.done()


sys.exit(main())
