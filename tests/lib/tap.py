# SPDX-License-Identifier: BSD-2-Clause
#
# tap - writing and reading the Test Anything Protocol.
import re

POINT = re.compile(r"^(not )?ok\b\s*(\d+)?\s*-?\s*([^#]*)(#\s*(SKIP|TODO)\b[\s:]*(.*))?", re.I)
PLAN = re.compile(r"^1\.\.(\d+)(\s*#\s*SKIP\b[\s:]*(.*))?", re.I)


class Writer:
    """Prints points as they become known.  The plan comes last, so nothing need be counted first."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def point(self, good, name, detail="", skip=None):
        self.count += 1
        self.failed += not good
        for line in str(detail).splitlines() if detail and not good else ():
            print(f"# {line}")
        tail = f" # SKIP {skip}" if skip else ""
        name = name.replace("#", "no. ")
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}{tail}", flush=True)
        return good

    def skip(self, name, why):
        return self.point(True, name, skip=why)

    def note(self, text):
        for line in str(text).splitlines():
            print(f"# {line}", flush=True)

    def done(self):
        """Print the plan; the exit status of the program."""
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0


class Result:
    def __init__(self, program, name, good, skip=None, detail=""):
        self.program, self.name, self.good, self.skip, self.detail = program, name, good, skip, detail


def read(program, text, status):
    """The results that @program printed: a list of Result.

    What is no point (diagnostics, a sanitizer's report) belongs to the point that follows it, or,
    at the end, to the last.  A plan that was not kept, and a bad exit status that no failed point
    explains, are failures of their own.
    """
    results, pending, plan = [], [], None
    for line in text.splitlines():
        found = POINT.match(line)
        planned = PLAN.match(line)
        if found:
            # cmocka says "not ok 4 # SKIP name" of a point that it skips.
            skipped = (found[5] or "").upper() == "SKIP"
            name = found[3].strip() or (found[6] or "").strip() or f"point {len(results) + 1}"
            why = ("\n".join(pending) if not found[3].strip() else found[6]) or "no reason given"
            results.append(Result(program, name, skipped or not found[1], why.strip() if skipped else None,
                                  "\n".join(pending)))
            pending = []
        elif planned:
            plan = int(planned[1])
            if plan == 0:
                results.append(Result(program, program, True, (planned[3] or "no reason given").strip()))
        else:
            pending.append(line)
    rest = "\n".join(pending)
    real = [r for r in results if r.name != program or not r.skip]
    if plan is None and status != 77:
        results.append(Result(program, "prints a TAP plan", False, detail=rest or "(no output)"))
    elif plan and plan != len(real):
        results.append(Result(program, f"keeps its plan of {plan} points, not {len(real)}", False, detail=rest))
    if status == 77:
        results.append(Result(program, program, True, rest.strip() or "exit status 77"))
    elif status and all(r.good for r in results):
        results.append(Result(program, f"exits with 0, not {status}", False, detail=rest))
    elif rest and results and not results[-1].good:
        results[-1].detail = (results[-1].detail + "\n" + rest).strip()
    return results
