#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# format - is every C file as clang-format leaves it?
#
#   tests/format.py         one TAP point for each folder; nothing is changed
#   tests/format.py --fix   format in place
import collections
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("bench", "fuzz", "src", "tests")


def files_by_folder():
    groups = {}
    for top in FOLDERS:
        for path in sorted((ROOT / top).rglob("*.[ch]")):
            groups.setdefault(path.parent.relative_to(ROOT), []).append(path)
    return groups


def main():
    groups = files_by_folder()
    if not shutil.which("clang-format"):
        print("1..0 # SKIP clang-format is not installed")
        return 0
    if "--fix" in sys.argv:
        for paths in groups.values():
            subprocess.run(["clang-format", "-i", *paths], check=True)
        return 0
    print(f"1..{len(groups)}")
    failed = False
    for number, (folder, paths) in enumerate(sorted(groups.items()), 1):
        done = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths],
                              capture_output=True, text=True)
        faults = collections.Counter(line.split(":")[0] for line in done.stderr.splitlines()
                                     if "error:" in line)
        for path, count in faults.items():
            print(f"# {path.replace(str(ROOT) + '/', '')}: {count} places; `make fmt` formats it")
        failed |= done.returncode != 0
        print(f"{'not ok' if done.returncode else 'ok'} {number} - {folder}/ is formatted")
    return failed


sys.exit(main())
