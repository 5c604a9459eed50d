# SPDX-License-Identifier: BSD-2-Clause
#
# normal - makes the outputs of two runs comparable, and says exactly where they differ.
#
# What must differ between any two runs is replaced by what it stands for, consistently within
# one run: interface indexes are numbered in the order they appear, so are random MAC addresses (and the
# link-local addresses made of them); times, pids and traffic counters become words.  A MAC address
# that the case itself wrote stays, and so do those that begin with 02:00:00:00, which tools choose.  Everything else must be equal.
import difflib
import json
import re

MAC = re.compile(r"(?<![0-9a-f:])[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![0-9a-f:])")
EUI64 = re.compile(r"fe80::([0-9a-f]{1,4}):([0-9a-f]{0,2})ff:fe([0-9a-f]{2}):([0-9a-f]{1,4})")
INDEX = re.compile(r"(?m)(^(?:\[[^\]]*\])?(?:Deleted )?)(\d+)(?=: \S)|(@if|\bif|\bifindex[ =]|\blink_index |\bIFINDEX=)(\d+)\b")
TEXT = [
    (re.compile(r"time=[\d.]+ ms"), "time=TIME ms"),
    (re.compile(r"time \d+ms"), "time TIMEms"),
    (re.compile(r"(rtt|round-trip) min/avg/max(/mdev)? = .*"), r"\1 TIMES"),
    (re.compile(r"valid_lft \d+sec"), "valid_lft TIMEsec"),
    (re.compile(r"preferred_lft \d+sec"), "preferred_lft TIMEsec"),
    (re.compile(r"\bexpires \d+sec"), "expires TIMEsec"),
    (re.compile(r"\bused \d+/\d+"), "used TIME/TIME"),
    (re.compile(r"(timer +)(?!0\.00)\d+\.\d\d"), r"\1TIME"),
    (re.compile(r"\b([a-z][\w.-]*)\(\d+\)"), r"\1(PID)"),
    (re.compile(r"\[\d{4}-\d\d-\d\dT[\d:.]+\]"), "[WHEN]"),
    (re.compile(r"\[\d+\.\d{6}\]"), "[WHEN]"),
    (re.compile(r"\bmacvtap\d+_fd\b"), "FD"),
]
COUNTERS = re.compile(r"(?m)^(\s+)[\d ]+$")
LIFETIMES = {"valid_life_time", "preferred_life_time"}
STATISTICS = {"stats", "stats64"}
FOREVER = 4294967295
ABSENT = "(absent)"


class Normal:
    """Turns the outputs of one run into comparable ones; keeps what it has numbered so far."""

    def __init__(self, source, replace=()):
        self.literal = {m.lower() for m in MAC.findall(source.lower())}
        self.replace = [(a, b) for a, b in replace if a]
        self.macs, self.indexes = {}, {}

    def mac(self, text):
        first = int(text[:2], 16)
        if text in self.literal or first & 1 or text.startswith("02:00:00:00") or text == "00:00:00:00:00:00":
            return text
        return f"MAC{self.macs.setdefault(text, len(self.macs) + 1)}"

    def index(self, number):
        if number <= 1:
            return number
        return f"#{self.indexes.setdefault(number, len(self.indexes) + 2)}"

    def eui64(self, found):
        head = int(found[1], 16)
        octets = [(head >> 8) ^ 2, head & 255, int(found[2] or "0", 16), int(found[3], 16),
                  int(found[4], 16) >> 8, int(found[4], 16) & 255]
        return f"fe80::{self.mac(':'.join(f'{o:02x}' for o in octets))}"

    def words(self, text):
        """A value: text without the shape of a program's output."""
        for old, new in self.replace:
            text = text.replace(old, new)
        text = EUI64.sub(self.eui64, text)
        text = MAC.sub(lambda m: self.mac(m[0]), text)
        return text

    def text(self, text, counters):
        text = self.words(text)
        text = INDEX.sub(lambda m: f"{m[1] or m[3] or ''}{self.index(int(m[2] or m[4]))}", text)
        for pattern, word in TEXT:
            text = pattern.sub(word, text)
        if not counters:
            text = COUNTERS.sub(r"\1COUNTERS", text)
        return text

    def value(self, value, counters, key=""):
        if isinstance(value, dict):
            return {k: self.value(v, counters, k) for k, v in value.items() if counters or k not in STATISTICS}
        if isinstance(value, list):
            return [self.value(v, counters, key) for v in value]
        if isinstance(value, str):
            found = re.fullmatch(r"if(\d+)", value)
            return f"if{self.index(int(found[1]))}" if found else self.words(value)
        if key in LIFETIMES and value != FOREVER or key.endswith("_timer") and value:
            return "TIME"
        if key in ("ifindex", "link_index", "iif", "oif") and isinstance(value, int):
            return self.index(value)
        return value

    def output(self, text, modes):
        """Comparable form of one step's output: a JSON value, or a list of lines."""
        counters = "stats" in modes
        if text[:1] in "[{" and text.strip():
            try:
                return "json", self.value(json.loads(text), counters)
            except ValueError:
                pass
        lines = self.text(text, counters).splitlines()
        if "set" in modes:
            lines = set(lines)
        return "text", sorted(lines) if {"sort", "set"} & modes else list(lines)


def compare(a, b):
    """Where two outputs of Normal.output differ: (place, left, right)."""
    if a[0] != b[0]:
        yield "form", f"{a[0]}: {short(a[1])}", f"{b[0]}: {short(b[1])}"
    elif a[0] == "json":
        yield from compare_values("", a[1], b[1])
    else:
        yield from compare_lines(a[1], b[1])


def compare_values(path, a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(a.keys() | b.keys()):
            yield from compare_values(f"{path}.{key}", a.get(key, ABSENT), b.get(key, ABSENT))
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            yield from compare_values(f"{path}[{i}]", x, y)
    elif a != b or isinstance(a, bool) != isinstance(b, bool):
        yield path, short(a), short(b)


def compare_lines(a, b):
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, False).get_opcodes():
        for n in range(max(i2 - i1, j2 - j1) if tag != "equal" else 0):
            yield ("line", a[i1 + n] if i1 + n < i2 else ABSENT, b[j1 + n] if j1 + n < j2 else ABSENT)


def short(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) < 300 else text[:300] + "..."
