#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""create - making, moving and deleting veth pairs and namespaces: wireyard against the kernel.

	bench/create.py [--runs N] [--counts 1,100,1000] [--only WORD]

Each figure is the time of one `ip -batch` with that many lines, divided by their number; the
file is the same in both worlds.

	home	both ends in one namespace
	moved	the same, then one end moved by `link set X netns N`
	born	one end made in another namespace by `peer name X netns N`
	netns	namespaces by `netns add` and `netns del`
"""

import argparse
import json
import sys
import tempfile
import time

import lib


def batch(lines):
    """Run the lines by one `ip -batch`; give milliseconds per line."""
    with tempfile.NamedTemporaryFile("w", suffix=".batch") as file:
        file.write("".join(line + "\n" for line in lines))
        file.flush()
        start = time.monotonic()
        lib.sh("ip", "-batch", file.name)
        return (time.monotonic() - start) * 1000 / len(lines)


def inside(case, count):
    """Give {"create": ms, ...}."""
    numbers = range(count)
    lib.sh("ip", "netns", "add", "there")
    lib.sh("ip", "-n", "there", "link", "show")  # programs and namespaces are warm from here on
    found = {}
    if case == "netns":
        found["create"] = batch([f"netns add n{i}" for i in numbers])
        found["delete"] = batch([f"netns del n{i}" for i in numbers])
    else:
        peer = " netns there" if case == "born" else ""
        found["create"] = batch([f"link add v{i} type veth peer name w{i}{peer}" for i in numbers])
        if case == "moved":
            found["move"] = batch([f"link set w{i} netns there" for i in numbers])
        where = "there" if case in ("moved", "born") else None
        names = lib.sh("ip", *(["-n", where] if where else []), "-br", "link").count("\nw")
        if names < count:
            raise RuntimeError(f"{names} of {count} devices are where they should be")
        found["delete"] = batch([f"link del v{i}" for i in numbers])
    print(json.dumps(found))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--counts", default="1,100,1000")
    parser.add_argument("--only", default="", help="cases whose name holds this word")
    parser.add_argument("--inside", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        return inside(args.inside[0], int(args.inside[1]))
    for count in map(int, args.counts.split(",")):
        for case in ("home", "moved", "born", "netns"):
            if args.only not in f"{case}/{count}":
                continue
            # One deletion waits for up to four clock ticks, or none: only many tell.
            runs = args.runs if count > 1 else args.runs * 5
            taken = lib.by_turns(runs, lambda which, case=case, count=count:
                                 lib.inside(which, __file__, case, count))
            for step in taken["ours"][0]:
                if step == "create" and case == "moved":
                    continue  # as "home"
                values = {which: [found[step] for found in taken[which]] for which in taken}
                lib.record("create", f"{step}/{case}/{count}", "ms each", "lower", values)
    return 0


if __name__ == "__main__":
    sys.exit(main())
