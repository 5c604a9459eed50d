#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# layers - does every #include "folder/..." of src/ keep to src/LAYERS?
#
# One TAP point for each folder.  src/LAYERS names, for every folder, the folders whose headers
# it may include; its own are always allowed.  A folder that the list does not name fails too,
# so the list cannot fall behind the tree.
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def allowed():
    rows = {}
    for line in (SRC / "LAYERS").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            name, _, others = line.partition(":")
            rows[name.strip()] = set(others.split())
    return rows


def faults_of(folder, may, known):
    for path in sorted(folder.rglob("*.[ch]")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            where = f"{path.relative_to(ROOT)}:{number}"
            target = found[1].split("/")[0]
            if "/" not in found[1]:
                yield f'{where}: "{found[1]}" is not rooted at src/'
            elif target != folder.name and target not in may:
                yield f"{where}: {folder.name}/ may not include {target}/"
            elif not (SRC / found[1]).exists():
                yield f'{where}: there is no src/{found[1]}'


def main():
    rows = allowed()
    folders = sorted(p for p in SRC.iterdir() if p.is_dir())
    print(f"1..{len(folders)}")
    failed = False
    for number, folder in enumerate(folders, 1):
        if folder.name in rows:
            faults = list(faults_of(folder, rows[folder.name], rows))
        else:
            faults = [f"src/LAYERS does not name {folder.name}/"]
        for fault in faults:
            print(f"# {fault}")
        failed |= bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} - {folder.name}/ keeps to src/LAYERS")
    return failed


sys.exit(main())
