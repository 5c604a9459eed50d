# SPDX-License-Identifier: BSD-2-Clause
#
# traffic - what the tests of shortcuts and of flows share: yards whose script waits, numbered
# datagrams that must all come back in order, and counters.
import contextlib
import json
import os
import signal
import subprocess

from helper import Skipped, expect, expect_equal

# Between a (10.0.0.1) and b (10.0.0.2).  Echoes keep a window, so nothing overflows, and each side
# keeps to a CPU: see tests/soak/churn.
SCRIPT = r"""
import os, socket, struct, sys, threading
far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
os.sched_setaffinity(0, {(min if sys.argv[1] == "echo" else max)(os.sched_getaffinity(0))})
if sys.argv[1] == "echo":
    far.bind(("10.0.0.2", 7))
    print("up", flush=True)
    while True:
        data, sender = far.recvfrom(4000)
        far.sendto(data, sender)
in_order = sys.argv[1] == "send"
near.settimeout(10)
near.connect(("10.0.0.2", 7))
sent = echoed = 0
missing = set()
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
while not stop.is_set() or echoed < sent:
    while not stop.is_set() and sent - echoed < 32:
        near.send(struct.pack("!Q", sent) * 20)
        missing.add(sent)
        sent += 1
    if echoed < sent:
        number = struct.unpack("!Q", near.recv(4000)[:8])[0]
        if number not in missing:
            sys.exit(f"{number} came twice")
        if in_order and number != echoed:
            sys.exit(f"{number} came where {echoed} was due")
        missing.remove(number)
        echoed += 1
print(echoed)
"""


def need_shortcuts(place):
    (probe,) = [p for p in json.loads(place.run("doctor", "--json").stdout) if p["name"] == "shortcuts"]
    if probe["text"] != "can be made":
        raise Skipped(probe["text"])


def sh(place, script):
    return place.good("exec", "-n", "x", "sh", "-ec", script)


def info(place, what):
    """How many "shortcuts" or "flows" there are."""
    with place.connect("x") as client:
        client.send(b'{"do": "info"}')
        return json.loads(client.recv(65536))[what]


def counters(place, netns, device):
    (link,) = json.loads(sh(place, f"ip {'-n ' + netns if netns else ''} -s -j link show {device}"))
    stats = link["stats64"]
    return {"rx": stats["rx"]["packets"], "tx": stats["tx"]["packets"],
            "rx_bytes": stats["rx"]["bytes"], "tx_bytes": stats["tx"]["bytes"]}


@contextlib.contextmanager
def traffic(place, order=True):
    """Datagrams and their echoes, until the end of the block; then they must all be there."""
    words = ("exec", "-n", "x", "ip", "netns", "exec")
    with place.start(*words, "b", "python3", "-c", SCRIPT, "echo") as echo:
        expect_equal(echo.stdout.readline(), "up\n")
        try:
            with place.start(*words, "a", "python3", "-c", SCRIPT, "send" if order else "send-unordered",
                             stdin=subprocess.PIPE) as send:
                yield
                out, complaint = send.communicate()
                expect_equal((send.returncode, complaint), (0, ""), "the traffic")
                expect(int(out) > 0, "datagrams were sent")
        finally:
            os.killpg(echo.pid, signal.SIGKILL)
