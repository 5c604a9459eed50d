#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# differential - scripts made by chance (chance.py), each command once in the kernel's own namespaces and once in a
# yard: what a command prints and its exit status must agree, and after every few commands all that can be seen.
#
#   differential.py [--seed N] [--count N] [--length N] [--minutes N] [--user root|user] [-j N] [--storm]
#                   [--no-shrink] [--script FILE]
#
# The first difference is shown with the shortest script found that still has it; with a first line added that says
# what is shown, it is a case for tests/kernel/cases.  --storm instead lets several clients work at once in a yard, with nothing to
# compare: the sanitizers and the yard's end judge.
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import selectors
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from chance import SPACES, Script  # noqa: E402
from compare import kinds_of_the_kernel  # noqa: E402
from lib import tap, world  # noqa: E402
from normal import Normal, compare  # noqa: E402

KINDS = {"bridge", "macvlan", "macvtap", "tapfile"}  # that the kernel must have
SEEDS = (1, 2, 3, 4, 6, 7, 8, 9)  # of `make test`: any will do
EVERY = 4  # commands from one look at everything to the next
PATIENCE = 3.0  # seconds until what is not settled counts as different
HANG = 30  # seconds for a command
STATE = "".join(f"""
if [ -e /run/netns/{s or '.'} ]; then
echo '@{s or 'first'} ip'
printf 'link\\naddr\\nroute show table all\\nneigh\\n' | ip {'-n ' + s if s else ''} -j -d -force -batch - 2>&1
echo '@{s or 'first'} bridge'
printf 'link\\nfdb\\nmdb\\n' | bridge {'-n ' + s if s else ''} -j -d -force -batch - 2>&1
fi""" for s in SPACES) + "\necho @names\nip netns list\n"


class Player:
    """A world in which commands are played, one at a time."""

    def __init__(self, stage, kind, user, source, environment):
        self.kind = kind
        self.world = world.World(stage, kind, user, "differential")
        self.talk = self.world.top / "talk"
        self.talk.mkdir()
        os.chmod(self.talk, 0o777)
        self.outer = open(self.talk / "outer", "w+")
        self.process = self.world.start(["bash", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.outer,
                                        env=environment)
        self.normal = Normal(source, [(str(self.world.tmp), "TMP"), (str(self.world.top), "TOP"), (str(stage.bin) + "/", "")])
        self.wait = selectors.DefaultSelector()
        self.wait.register(self.process.stdout, selectors.EVENT_READ)
        self.fault = None

    def begin(self, command):
        (self.talk / "command").write_text(command + "\n")
        talk = self.talk
        line = f". {talk}/command >{talk}/out 2>{talk}/err </dev/null; echo $?\n"
        try:
            self.process.stdin.write(line.encode())
            self.process.stdin.flush()
        except OSError:
            self.fault = "the world ended"

    def end(self):
        """(exit status, output, errors) of the command that was begun."""
        if not self.fault and not self.wait.select(HANG):
            self.fault = f"no answer in {HANG} s"
        answer = "" if self.fault else self.process.stdout.readline().decode().strip()
        if not answer:
            self.fault = self.fault or "the world ended"
            return (f"({self.fault})", "", "")
        out, err = ((self.talk / n).read_text(errors="replace") for n in ("out", "err"))
        return answer, out, re.sub(r"\S+/command: line \d+: ", "", err)

    def finish(self):
        """End the world; what it has left or complained about: sentences."""
        faults = []
        if not self.fault:
            self.process.stdin.close()
            try:
                self.process.wait(HANG)
            except subprocess.TimeoutExpired:
                faults.append(f"{self.kind}: the world does not end")
        self.world.kill() if faults or self.fault else None
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        faults += [f"left behind: {leak}" for leak in self.world.left()] if self.kind == "yard" else []
        self.outer.seek(0)
        said = [line for line in (self.world.reports() + self.outer.read()).splitlines() if line.strip()]
        faults += [f"{self.kind} said:\n" + "\n".join(said[:60])] if said else []
        self.outer.close()
        self.world.remove()
        return faults


# ---- all that can be seen, in comparable form ----

# What this kernel, built without VLAN filtering, does not show; and a time.
HIDDEN = {"vlan_protocol", "vlan_default_pvid", "vlan_stats_enabled", "vlan_stats_per_port", "gc_timer"}


def documents(text):
    """The JSON documents in @text one after the other; what is none is a line."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            end = text.find("\n", at) + 1 or len(text)
            value, at = text[at:end].strip(), end
        yield value


def without(value, keys):
    if isinstance(value, dict):
        return {k: without(v, keys) for k, v in value.items() if k not in keys}
    return [without(v, keys) for v in value] if isinstance(value, list) else value


def by_name(items, *keys):
    """A list as a dictionary, so that what differs is named."""
    found = {}
    for item in items:
        name = " ".join(str(item[k]) for k in keys if k in item)
        found.setdefault(name, []).append(item)
    return {k: sorted(v, key=json.dumps) for k, v in found.items()}


def in_order(value):
    """Lists that have no order of their own."""
    return sorted(value, key=lambda v: json.dumps(v, sort_keys=True)) if isinstance(value, list) else value


def is_lasting(entry):
    """Is this neighbour known for longer than a look at it takes?"""
    return set(entry.get("state", ["NONE"])) & {"PERMANENT", "NOARP"}


class State:
    """What one look at everything has shown."""

    def __init__(self, text, normal, ipv6):
        self.parts, self.ipv6 = {}, ipv6
        for part in re.split(r"(?m)^@", text):
            head, _, body = part.partition("\n")
            if head.strip() and head != "names":
                self.parts[head] = normal.value(without(list(documents(body)), HIDDEN), False)
            elif head:
                self.parts[head] = sorted(body.splitlines())
        self.macvlans = {link["address"] for docs in self.parts.values() for doc in docs if isinstance(doc, list) for link in doc
                         if isinstance(link, dict) and link.get("linkinfo", {}).get("info_kind") in ("macvlan", "macvtap")}
        for head, docs in self.parts.items():
            if head.endswith(" ip") and len(docs) == 4 and all(isinstance(d, list) for d in docs):
                link, addr, route, neigh = docs
                if self.macvlans:  # which raise the one on the device below, and have the other as it was there at their birth
                    link, addr = (without(d, {"promiscuity", "tso_max_size"}) for d in (link, addr))
                self.parts[head] = {"order": [l["ifname"] for l in link], "link": by_name(link, "ifname"), "addr": by_name(addr, "ifname"),
                                    "route": in_order(route), "neigh": in_order([n for n in neigh if is_lasting(n)])}
            elif head.endswith(" bridge") and len(docs) == 3 and all(isinstance(d, list) for d in docs):
                link, fdb, mdb = docs
                self.parts[head] = {"link": by_name(link, "ifname"), "fdb": self.stations(fdb), "mdb": self.groups(mdb)}

    def stations(self, fdb):
        fdb = [f for f in fdb if not self.is_known(f)]
        if self.ipv6:  # which the stacks' own packets teach when they like
            fdb = [f for f in fdb if f.get("state") in ("permanent", "static") and not f["mac"].startswith("33:33:ff")]
        return by_name(fdb, "ifname", "mac", "vlan")

    def is_known(self, entry):
        """Is this entry there for a reason that doc/kinds.md names?"""
        if entry["mac"] in ("01:00:5e:00:00:6a", "33:33:00:00:00:6a") or entry.get("vlan") == 1:
            return True  # what the kernel's bridges join for themselves; brctl's bridges in VLAN 1
        # What macvlans and macvtaps want of the device below.
        return entry["flags"] == ["self"] and (entry["mac"] in self.macvlans or self.macvlans and entry["mac"] == "01:00:5e:00:00:01")

    @staticmethod
    def groups(mdb):
        # Not a stack's own groups: those of its address, and those that the kernel's bridges join for themselves.
        own = ("ff02::1:ff", "ff02::6a", "224.0.0.106")
        return [{"mdb": in_order([g for g in m.get("mdb", []) if not str(g.get("grp")).startswith(own)]), "router": in_order(m.get("router", []))} for m in mdb]


def differences(path, a, b):
    yield from (f"{path}{place}: kernel {left} | yard {right}" for place, left, right in compare(("json", a), ("json", b)))


# Differences of whole commands that are documented: (command, part and difference), regular expressions.
ALLOWED = [
    (r"netns \$\$", r"duplicate \"netns\""),  # names the number of a process
]


def is_allowed(command, difference):
    return any(re.search(a, command) and re.search(b, difference) for a, b in ALLOWED)


class Run:
    """One script, played in both worlds until they differ."""

    def __init__(self, stage, user, commands, ipv6, environment=None, every=EVERY):
        self.commands, self.ipv6 = commands, ipv6
        source = "\n".join(commands)
        self.faults, self.at = [], len(commands)
        env = {"EVERYONE_QUIET": "0.08", **(environment or {})}
        self.players = [Player(stage, kind, user, source, env) for kind in ("real", "yard")]
        try:
            self.play(every)
        finally:
            for player in self.players:
                self.faults += player.finish()

    def ask(self, command):
        for player in self.players:
            player.begin(command)
        return [player.end() for player in self.players]

    def play(self, every):
        for n, command in enumerate(self.commands):
            self.at = n
            self.faults += self.judge(command)
            if not self.faults and (n % every == every - 1 or n == len(self.commands) - 1 or "netns del" in command):
                if "netns del" in command:
                    time.sleep(0.2)
                self.faults += self.look()
            if self.faults:
                return

    def judge(self, command):
        answers = self.ask(command)
        faults = [f"{p.kind}: {p.fault}" for p in self.players if p.fault]
        if faults:
            return faults
        forms = [(a[0], p.normal.output(a[1], {"sort"}), p.normal.output(a[2], set())) for p, a in zip(self.players, answers)]
        if forms[0][0] != forms[1][0]:
            faults.append(f"status: kernel {forms[0][0]} {answers[0][2].strip()} | yard {forms[1][0]} {answers[1][2].strip()}")
        for i, part in ((1, "output"), (2, "errors")):
            faults += [f"{part} {place}: kernel {left} | yard {right}" for place, left, right in compare(
                (forms[0][i][0], without(forms[0][i][1], HIDDEN)), (forms[1][i][0], without(forms[1][i][1], HIDDEN)))]
        return [f for f in faults if not is_allowed(command, f)]

    def look(self):
        """Compare all that can be seen; what is still on its way may settle."""
        deadline, pause = time.monotonic() + PATIENCE, 0.02
        while True:
            answers = self.ask(STATE)
            faults = [f"{p.kind}: {p.fault}" for p in self.players if p.fault]
            if faults:
                return faults
            a, b = (State(answer[1], p.normal, self.ipv6).parts for p, answer in zip(self.players, answers))
            faults = [f for f in differences("", a, b) if not is_allowed("state", f)]
            if not faults or time.monotonic() > deadline:
                return faults
            time.sleep(pause)
            pause = min(pause * 2, 0.5)

    def script(self):
        return self.commands[:self.at + 1]


def signature(faults):
    """What sort of difference this is: so that shrinking does not wander off to another one."""
    first = re.sub(r"\[\d+\]|#\d+|MAC\d+|\d+", "", faults[0].splitlines()[0])
    return re.sub(r"\b(va|vb|vc|vd|br|mv|tap|tun|n|first)\b", "", first)[:90]


def shrink(stage, user, run, ipv6, environment):
    """The shortest part of the script that still shows the same sort of difference."""
    best, sign = run, signature(run.faults)
    commands, size = run.script(), max(len(run.script()) // 2, 1)
    patient = {**environment, "EVERYONE_QUIET": "0.3"}
    while True:
        at, smaller = 0, False
        while at < len(commands):
            tried = commands[:at] + commands[at + size:]
            other = Run(stage, user, tried, ipv6, patient, every=10000) if tried else None
            if other and other.faults and signature(other.faults) == sign:
                best, commands, smaller = other, other.script(), True
            else:
                at += size
        if size == 1 and not smaller:
            return best
        size = max(size // 2, 1)


def report(seed, user, run, again):
    lines = [f"seed {seed} as {user}, after {run.at + 1} commands" + ("" if again else " (not seen again)")]
    lines += [f"    {line}" for fault in run.faults[:12] for line in fault.splitlines()]
    return "\n".join(lines + ["--- the script", *run.script(), "---"])


def differ(stage, seed, user, length, environment, shrinking):
    """Play the script of @seed: None, or what differs."""
    script = Script(seed)
    commands = script.commands(length)
    run = Run(stage, user, commands, script.ipv6, environment)
    if not run.faults:
        return None
    if not shrinking:
        return report(seed, user, run, True)
    again = Run(stage, user, run.script(), script.ipv6, {**environment, "EVERYONE_QUIET": "0.3"})
    if not again.faults:
        return report(seed, user, run, False)
    return report(seed, user, shrink(stage, user, again, script.ipv6, environment), True)


def storm(stage, seed, user, length, environment):
    """Several clients work at once in one yard; at the end it must answer, and leave nothing."""
    clients = []
    for n in range(3):
        commands = [c for c in Script(seed * 3 + n, False).commands(length) if "everyone" not in c]
        clients.append("( " + "\n".join(f"{{ {c}\n}}" for c in commands) + "\n) >/dev/null 2>&1 &")
    with world.World(stage, "yard", user, "storm") as where:
        script = where.top / "main.sh"
        script.write_text("\n".join(clients) + "\nwait\nfor i in 1 2 3; do ip -j -d link >/dev/null; done && ip link show lo >/dev/null && echo alive\n")
        done = where.run(["bash", script], timeout=60 + length, env=environment)
        faults = [f"left behind: {leak}" for leak in done.leaks]
        if done.late or done.status or "alive" not in done.output:
            faults.append(f"status {done.status}{', too late' if done.late else ''}: {done.output[-2000:]}")
        if where.reports():
            faults.append(where.reports()[:6000])
        return f"storm, seed {seed} as {user}\n" + "\n".join(faults) if faults else None


def arguments():
    parser = argparse.ArgumentParser(description="Compare yards with the kernel's namespaces by chance.")
    parser.add_argument("--seed", type=int, help="the first seed")
    parser.add_argument("--count", type=int, default=8, help="how many seeds from the first on")
    parser.add_argument("--length", type=int, default=30, help="commands in a script")
    parser.add_argument("--minutes", type=float, help="go on for as long, with new seeds")
    parser.add_argument("--user", choices=("root", "user"), help="only as this user")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, metavar="N", help="scripts at a time")
    parser.add_argument("--storm", action="store_true", help="several clients at once, in yards alone")
    parser.add_argument("--no-shrink", action="store_true", help="show differences as they were found")
    parser.add_argument("--script", type=pathlib.Path, help="play the commands of this file")
    return parser.parse_args()


def play_file(stage, path, user, environment):
    commands = re.sub(r"<<'END'\n(.*?)\nEND", lambda m: m[0].replace("\n", "\0"), path.read_text(), flags=re.S).splitlines()
    run = Run(stage, user, [c.replace("\0", "\n") for c in commands if c and c[0] != "#"], False, environment, every=1)
    print(report(path, user, run, True) if run.faults else "no difference")
    return bool(run.faults)


def main():
    args = arguments()
    environment = {k: v for k, v in os.environ.items() if k.startswith("WIREYARD_")}
    writer = tap.Writer()
    users = [u for u in world.users() if u == (args.user or u)]
    with world.Stage(HERE / "tools" / "everyone") as stage:
        world.needs_yard(stage)
        if args.script:
            return play_file(stage, args.script, args.user or users[0], environment)
        missing = KINDS - kinds_of_the_kernel(stage)
        if missing and not args.storm:
            writer.skip("kernel and yard agree", f"the kernel lacks {', '.join(sorted(missing))}")
            return writer.done()
        end = time.monotonic() + args.minutes * 60 if args.minutes else None

        def one(seed):
            user = users[seed % len(users)]
            if end and time.monotonic() > end:
                return seed, user, None
            if args.storm:
                return seed, user, storm(stage, seed, user, args.length, environment)
            return seed, user, differ(stage, seed, user, args.length, environment, not args.no_shrink)

        seeds = SEEDS if args.seed is None and not end else range(args.seed or 1, (args.seed or 1) + (1 << 20 if end else args.count))
        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            at = 0
            while at < len(seeds) and not (end and time.monotonic() > end):
                for seed, user, fault in pool.map(one, seeds[at:at + 4 * args.j]):
                    writer.point(not fault, f"seed {seed} as {user}" + (": a storm" if args.storm else ": kernel and yard agree"), fault or "")
                at += 4 * args.j
    return writer.done()


sys.exit(main())
