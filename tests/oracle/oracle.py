#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# oracle - compares a yard with what a distribution's kernel answered, for what the kernel at hand may lack.
#
#   oracle.py [-v] [PATTERN...]         run the cases in a yard and compare with what was recorded
#   oracle.py record [-v] [PATTERN...]  ask the kernel again (`make oracle`)
#
# A case is NAME.sh, in the language of tests/kernel/compare.py; NAME.expected beside it is what a kernel said:
# for each step its words after "$", its output after ">", its errors after "!", and its exit status in brackets.
#
# To record, Debian's kernel package is fetched by apt into build-oracle (it is not installed) and
# booted by QEMU without hardware help, in some ten seconds.  The machine sees this machine's files, which it cannot
# change, so programs are the same; it has no network.  All cases run in it one after the other, each in namespaces of
# its own.
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE.parent / "kernel"))
sys.dont_write_bytecode = True

from lib import tap, world  # noqa: E402
import compare  # noqa: E402

WORK = ROOT / "build-oracle"
PACKAGE = "linux-image-amd64"
# What the machine needs to see files, and what the cases are about; more comes by what these depend on.
MODULES = ("virtio_pci", "9pnet_virtio", "9p", "veth", "tun", "dummy", "bridge", "8021q", "macvlan")
MACHINE = ("-machine q35,accel=tcg -cpu max -m 1024 -smp 1 -nographic -nodefaults -no-reboot -serial stdio -net none").split()

INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox mount -t devtmpfs none /dev
for m in {modules}; do /bin/busybox insmod /modules/$m.ko || echo "cannot load $m"; done
/bin/busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose root /mnt || /bin/busybox poweroff -f
for d in proc sys dev; do /bin/busybox mount --move /$d /mnt/$d; done
for d in run tmp; do /bin/busybox mount -t tmpfs none /mnt/$d; done
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 answers /mnt/mnt
/bin/busybox ip link set lo up
exec /bin/busybox switch_root /mnt /bin/sh /mnt/run
"""

RUN = """export PATH={stage}:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp TMPDIR=/tmp LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
mkdir -p /tmp/bin /tmp/out
cp /mnt/bin/* /tmp/bin
cd /tmp
for c in {cases}; do
	mkdir -p /tmp/case /tmp/out/$c
	TMPDIR=/tmp/case /usr/bin/python3 /tmp/bin/launch.py real -- timeout 120 bash /mnt/cases/$c.sh >/tmp/out/$c/said 2>&1 </dev/null
	rm -rf /tmp/case
	cp -r /tmp/out/$c /mnt/out/
	echo "ORACLE $c"
done
uname -r >/mnt/out/release
sync
echo o >/proc/sysrq-trigger
while :; do :; done
"""


class Recorded:
    """What a kernel answered: the part of compare.Outcome that comparing needs."""

    def __init__(self, case, path):
        self.steps, self.fault = [], None
        raw, texts = parse(path)
        if texts != [step.text for step in case.steps]:
            self.fault = f"{path.name} is of another version of the case: record it again"
            return
        normal = compare.Normal(case.source)
        for step, (rc, out, err) in zip(case.steps, raw):
            self.steps.append((rc, normal.output(out, step.modes), normal.output(err, step.modes)))


def parse(path):
    """The steps of an .expected file: ([status, output, errors], ...), and their words."""
    raw, texts, current = [], [], None
    for line in path.read_text().splitlines() if path.exists() else ():
        mark, text = line[:1], line[2:]
        if mark == "$":
            if current:
                texts[-1] += "\n" + text
            else:
                texts.append(text)
                current = ["", "", ""]
        elif mark == ">":
            current[1] += text + "\n"
        elif mark == "!":
            current[2] += text + "\n"
        elif mark == "[":
            raw.append([line[1:-1], *current[1:]])
            current = None
    return raw, texts


def write(case, out, path, kernel):
    """Make an .expected file of the files that a run left in @out."""
    lines = [f"# {kernel}"]
    for n, step in enumerate(case.steps):
        rc, output, errors = (compare.Outcome.read(out / f"{n}.{kind}") for kind in ("rc", "out", "err"))
        errors = re.sub(r"\S+/" + re.escape(case.name) + r"\.sh: line \d+: ", "", errors)
        lines += [f"$ {line}" for line in step.text.split("\n")]
        lines += [f"> {line}" for line in output.splitlines()]
        lines += [f"! {line}" for line in errors.splitlines()]
        lines.append(f"[{rc.strip()}]")
    path.write_text("\n".join(lines) + "\n")


# ---- recording ----

def run(*command, **how):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, **how).stdout


def fetch():
    """The kernel's package, unpacked; its name and version."""
    WORK.mkdir(exist_ok=True)
    package = re.search(r"Depends: (\S+)", run("apt-cache", "depends", PACKAGE))[1]
    if not list(WORK.glob(f"{package}_*.deb")):
        run("apt-get", "download", package, cwd=WORK)
    deb = sorted(WORK.glob(f"{package}_*.deb"))[-1]
    tree = WORK / deb.stem
    if not tree.exists():
        run("dpkg-deb", "-x", deb, tree)
    return tree, f"{package} {run('dpkg-deb', '-f', deb, 'Version').strip()}"


def with_what_they_need(modules, folder):
    """@modules and all that they depend on, those first, as paths."""
    files = {p.stem.replace("-", "_"): p for p in folder.rglob("*.ko")}
    order = []

    def add(name):
        if name in files and files[name] not in order:
            needs = re.search(rb"\0depends=([^\0]*)\0", files[name].read_bytes())
            for other in needs[1].decode().split(",") if needs else ():
                add(other.replace("-", "_"))
            order.append(files[name])

    for module in modules:
        add(module.replace("-", "_"))
    # Which of the two a machine has is known only when it runs.
    for legacy in ("virtio_pci_legacy_dev", "virtio_pci_modern_dev"):
        if legacy in files and files[legacy] not in order:
            order.insert(0, files[legacy])
    return order


def initramfs(tree):
    top = WORK / "initramfs"
    shutil.rmtree(top, ignore_errors=True)
    for folder in ("bin", "proc", "sys", "dev", "mnt", "modules"):
        (top / folder).mkdir(parents=True)
    shutil.copy("/bin/busybox", top / "bin/busybox")
    modules = with_what_they_need(MODULES, tree / "lib/modules")
    for module in modules:
        shutil.copy(module, top / "modules")
    (top / "init").write_text(INIT.format(modules=" ".join(m.stem for m in modules)))
    os.chmod(top / "init", 0o755)
    run("sh", "-c", "find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 >../initramfs.gz", cwd=top)
    return WORK / "initramfs.gz"


def boot(tree, share, verbose):
    kernel = next((tree / "boot").glob("vmlinuz-*"))
    command = ["qemu-system-x86_64", *MACHINE, "-kernel", kernel, "-initrd", initramfs(tree),
               "-append", "console=ttyS0 quiet panic=-1 net.ifnames=0 mitigations=off",
               "-fsdev", "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap",
               "-device", "virtio-9p-pci,fsdev=root,mount_tag=root",
               "-fsdev", f"local,id=answers,path={share},security_model=none",
               "-device", "virtio-9p-pci,fsdev=answers,mount_tag=answers"]
    with subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as machine:
        for line in machine.stdout:
            if verbose or line.startswith(("ORACLE", "cannot")):
                print("#", line.strip(), flush=True)


def record(cases, verbose):
    tree, version = fetch()
    share = WORK / "share"
    shutil.rmtree(share, ignore_errors=True)
    for folder in ("bin", "cases", "out"):
        (share / folder).mkdir(parents=True)
    for program in (world.LIB / "launch.py", *(HERE.parent / "kernel/tools").iterdir()):
        shutil.copy(program, share / "bin")
        os.chmod(share / "bin" / program.name, 0o755)
    for case in cases:
        (share / "cases" / f"{case.name}.sh").write_text(case.script(f"/tmp/out/{case.name}"))
    (share / "run").write_text(RUN.format(stage="/tmp/bin", cases=" ".join(c.name for c in cases)))
    boot(tree, share, verbose)
    failed = 0
    for case in cases:
        out = share / "out" / case.name
        if not (out / f"{len(case.steps) - 1}.rc").exists():
            print(f"{case.name} did not come to its end: {compare.Outcome.read(out / 'said')[:500]}")
            failed = 1
            continue
        write(case, out, HERE / f"{case.name}.expected", f"Linux {(share / 'out/release').read_text().strip()}, "
              f"Debian package {version}")
    return failed


# ---- comparing ----

def judge(case, stage, verbose):
    recorded = Recorded(case, HERE / f"{case.name}.expected")
    if recorded.fault:
        return [recorded.fault]
    outcome, reports = compare.run_case(case, stage, "yard", world.users()[0])
    if verbose:
        compare.show(case, "yard", outcome)
    faults = ["did not end in time"] if outcome.late else []
    faults += [f"left behind: {leak}" for leak in outcome.leaks]
    return faults + compare.said(reports + outcome.output) + compare.differences(case, recorded, outcome)


def arguments():
    parser = argparse.ArgumentParser(description="Compare yards with what a distribution's kernel answered.")
    parser.add_argument("-j", type=int, default=(os.cpu_count() or 1) + 1, metavar="N", help="cases at a time")
    parser.add_argument("-v", "--verbose", action="store_true", help="show all that the steps print")
    parser.add_argument("patterns", nargs="*", help="record, and cases whose name contains one of these")
    return parser.parse_args()


def main():
    args = arguments()
    recording = args.patterns[:1] == ["record"]
    patterns = args.patterns[recording:]
    cases = [compare.Case(p, HERE) for p in sorted(HERE.glob("*.sh"))]
    cases = [c for c in cases if not patterns or any(p in c.name for p in patterns)]
    if recording:
        return record(cases, args.verbose)
    writer = tap.Writer()
    with world.Stage(*sorted((HERE.parent / "kernel/tools").iterdir())) as stage:
        world.needs_yard(stage)
        engine_has = compare.kinds_of_the_engine(stage)
        cases = [c for c in cases if set(c.engine) <= engine_has]
        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            judged = pool.map(lambda case: judge(case, stage, args.verbose), cases)
            for case, faults in zip(cases, judged):
                writer.point(not faults, f"{case.name}: {case.title}", "\n".join(faults))
    return writer.done()


if __name__ == "__main__":
    sys.exit(main())
