#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# tapfile - programs that open the file of a macvtap, one scenario for each word.
#
#   tapfile.py WORD DEVICE [ARGUMENT...]
#
# Each prints what opens, ioctls, reads and writes answered, errors by their name.
import errno
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys

TUNSETIFF, TUNGETIFF, TUNGETFEATURES = 0x400454CA, 0x800454D2, 0x800454CF
TUNSETOFFLOAD, TUNSETSNDBUF, TUNSETQUEUE = 0x400454D0, 0x400454D4, 0x400454D9
TUNGETVNETHDRSZ, TUNSETVNETHDRSZ = 0x800454D7, 0x400454D8
TUNGETVNETLE, TUNSETVNETLE, TUNGETVNETBE, TUNSETVNETBE = 0x800454DD, 0x400454DC, 0x800454DF, 0x400454DE
TUNSETPERSIST, SIOCGIFHWADDR, SIOCSIFHWADDR = 0x400454CB, 0x8927, 0x8924
TUN, TAP, MULTI_QUEUE, NO_PI, VNET_HDR = 1, 2, 0x100, 0x1000, 0x4000
ATTACH, DETACH = 0x200, 0x400
CSUM, TSO4, TSO6 = 1, 2, 4


def number_of(name):
    with open(f"/sys/class/net/{name}/ifindex") as f:
        return int(f.read())


def opened(name, flags=os.O_NONBLOCK):
    """The file of the macvtap @name: the kernel's devtmpfs has one, for all namespaces by the same names."""
    return os.open(f"/dev/tap{number_of(name)}", os.O_RDWR | flags)


def attempt(what, work):
    """Print how @work ended; its result, or None."""
    try:
        result = work()
        print(f"{what}: {result!r}" if isinstance(result, (int, str, bytes)) and not isinstance(result, bool) else f"{what}: ok")
        return result
    except OSError as error:
        print(f"{what}: {errno.errorcode.get(error.errno, error.errno)}")
        return None


def get(fd, command):
    return struct.unpack("i", fcntl.ioctl(fd, command, bytes(4)))[0]


def put(fd, command, value):
    fcntl.ioctl(fd, command, struct.pack("i", value))


def iff(fd, command, bits):
    fcntl.ioctl(fd, command, struct.pack("16sH22x", b"", bits))


def get_iff(fd):
    answer = fcntl.ioctl(fd, TUNGETIFF, bytes(40))
    return f"{answer[:16].split(bytes(1))[0].decode()} {struct.unpack('H', answer[16:18])[0]:#x}"


def hwaddr(fd):
    answer = fcntl.ioctl(fd, SIOCGIFHWADDR, bytes(40))
    return f"{answer[:16].split(bytes(1))[0].decode()} {struct.unpack('H', answer[16:18])[0]} {answer[18:24].hex(':')}"


def set_hwaddr(fd, address, family=1):
    fcntl.ioctl(fd, SIOCSIFHWADDR, struct.pack("16sH6s16x", b"", family, bytes.fromhex(address.replace(":", ""))))


def wait_for(fd, kind=select.POLLIN, ms=5000):
    poll = select.poll()
    poll.register(fd, kind)
    return "|".join(n for n, b in (("in", 1), ("out", 4), ("err", 8), ("hup", 16))
                    if poll.poll(ms) and dict(poll.poll(0)).get(fd, 0) & b)


def frame(size=60, dst="ffffffffffff", src="020000000099"):
    return bytes.fromhex(dst) + bytes.fromhex(src) + b"\x88\xb5" + bytes(i & 255 for i in range(size - 14))


def wire(name):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x88B5))
    s.bind((name, 0x88B5))
    return s


def ioctls(name):
    fd = opened(name)
    attempt("TUNGETFEATURES", lambda: f"{get(fd, TUNGETFEATURES):#x}")
    attempt("TUNGETIFF", lambda: get_iff(fd))
    for bits in (TAP | NO_PI, TAP | NO_PI | VNET_HDR, TAP | NO_PI | VNET_HDR | MULTI_QUEUE, TAP, TUN | NO_PI, NO_PI,
                 TAP | NO_PI | 0x8000, 0):
        attempt(f"TUNSETIFF {bits:#x}", lambda: iff(fd, TUNSETIFF, bits))
        attempt("TUNGETIFF", lambda: get_iff(fd))
    attempt("TUNGETVNETHDRSZ", lambda: get(fd, TUNGETVNETHDRSZ))
    for size in (12, 20, 9, 0, -1, 10):
        attempt(f"TUNSETVNETHDRSZ {size}", lambda: put(fd, TUNSETVNETHDRSZ, size))
        attempt("TUNGETVNETHDRSZ", lambda: get(fd, TUNGETVNETHDRSZ))
    for size in (1 << 20, 0x7FFFFFFF, 0, -1):
        attempt(f"TUNSETSNDBUF {size}", lambda: put(fd, TUNSETSNDBUF, size))
    for bits in (0, CSUM, CSUM | TSO4 | TSO6, TSO4, 0x1000):
        attempt(f"TUNSETOFFLOAD {bits:#x}", lambda: fcntl.ioctl(fd, TUNSETOFFLOAD, bits) and None)
    attempt("TUNGETVNETLE", lambda: get(fd, TUNGETVNETLE))
    attempt("TUNSETVNETLE", lambda: put(fd, TUNSETVNETLE, 1))
    attempt("TUNGETVNETLE", lambda: get(fd, TUNGETVNETLE))
    attempt("TUNGETVNETBE", lambda: get(fd, TUNGETVNETBE))
    attempt("TUNSETVNETBE", lambda: put(fd, TUNSETVNETBE, 1))
    attempt("TUNSETPERSIST", lambda: fcntl.ioctl(fd, TUNSETPERSIST, 1) and None)
    attempt("SIOCGIFHWADDR", lambda: hwaddr(fd))


def address(name):
    fd = opened(name)
    for text in ("02:00:00:00:00:3a", "01:00:00:00:00:01", "00:00:00:00:00:00", "02:00:00:00:00:e0"):
        attempt(f"SIOCSIFHWADDR {text}", lambda: set_hwaddr(fd, text))
        attempt("SIOCGIFHWADDR", lambda: hwaddr(fd))
    attempt("another family", lambda: set_hwaddr(fd, "02:00:00:00:00:3b", 0))


def frames(name, far):
    """Frames of all sizes, both ways."""
    fd, s = opened(name), wire(far)
    for size in (14, 15, 60, 1514, 1518, 5000):
        f = frame(size)
        attempt(f"write {size}", lambda: os.write(fd, bytes(10) + f))
        ready = select.select([s], [], [], 5 if size <= 1514 else 0.2)[0]
        print(f"arrived: {s.recv(9000) == f if ready else 'nothing'}")
    for size in (60, 1514):
        f = frame(size)
        s.send(f)
        print(f"poll: {wait_for(fd)}")
        attempt("read", lambda: os.read(fd, 9000) == bytes(10) + f)
    attempt("read nothing", lambda: os.read(fd, 9000))
    s.send(frame(200))
    print(f"poll: {wait_for(fd)}")
    attempt("read short", lambda: os.read(fd, 50) == (bytes(10) + frame(200))[:50])
    attempt("read nothing", lambda: os.read(fd, 9000))
    attempt("write 13", lambda: os.write(fd, bytes(10) + frame(14)[:13]) and None)


def headers(name, far):
    """What stands in front of a frame: nothing, 10 bytes, 12."""
    fd, s = opened(name), wire(far)
    iff(fd, TUNSETIFF, TAP | NO_PI)
    f = frame()
    attempt("write", lambda: os.write(fd, f))
    print(s.recv(9000) == f)
    s.send(f)
    wait_for(fd)
    attempt("read", lambda: os.read(fd, 9000) == f)
    iff(fd, TUNSETIFF, TAP | NO_PI | VNET_HDR)
    put(fd, TUNSETVNETHDRSZ, 12)
    attempt("write", lambda: os.write(fd, bytes(12) + f))
    print(s.recv(9000) == f)
    s.send(f)
    wait_for(fd)
    attempt("read", lambda: len(os.read(fd, 9000)))


def queues(name, far):
    """Two files of one device: each frame comes to one of them."""
    a, b, s = opened(name), opened(name), wire(far)
    for fd in (a, b):
        attempt("TUNSETIFF", lambda: iff(fd, TUNSETIFF, TAP | NO_PI | VNET_HDR | MULTI_QUEUE))
    s.send(frame())
    ready = select.select([a, b], [], [], 5)[0]
    print(f"{len(ready)} of them")
    os.read(ready[0], 9000)
    attempt("detach", lambda: iff(a, TUNSETQUEUE, DETACH))
    attempt("detach again", lambda: iff(a, TUNSETQUEUE, DETACH))
    s.send(frame())
    print("the other: " + wait_for(b))
    os.read(b, 9000)
    attempt("write to the detached", lambda: os.write(a, bytes(10) + frame()))
    attempt("attach", lambda: iff(a, TUNSETQUEUE, ATTACH))
    attempt("attach again", lambda: iff(a, TUNSETQUEUE, ATTACH))
    attempt("neither", lambda: iff(a, TUNSETQUEUE, 0))
    os.close(b)
    for _ in range(100):  # what comes while a queue goes may go with it
        s.send(frame())
        if wait_for(a, ms=50):
            break
    print("the first: " + wait_for(a))


def many(name):
    """As many files as there may be."""
    fds = []
    try:
        while len(fds) < 300:
            fds.append(opened(name))
    except OSError as error:
        print(f"after {len(fds)}: {errno.errorcode[error.errno]}")
    os.close(fds.pop())
    attempt("another", lambda: opened(name) and None)


def deleted(name):
    """The device goes while a program has it open."""
    fd = opened(name)
    subprocess.run(["ip", "link", "del", name], check=True)
    attempt("TUNGETIFF", lambda: get_iff(fd))
    attempt("TUNGETFEATURES", lambda: f"{get(fd, TUNGETFEATURES):#x}")
    attempt("TUNSETOFFLOAD", lambda: fcntl.ioctl(fd, TUNSETOFFLOAD, 0) and None)
    attempt("SIOCGIFHWADDR", lambda: hwaddr(fd))
    attempt("TUNSETQUEUE", lambda: iff(fd, TUNSETQUEUE, DETACH))
    attempt("write", lambda: os.write(fd, bytes(10) + frame()))
    attempt("read", lambda: os.read(fd, 9000))


def renamed(name):
    """The file follows its device to another name."""
    fd = opened(name)
    subprocess.run(["ip", "link", "set", name, "down"], check=True)
    subprocess.run(["ip", "link", "set", name, "name", "renamed0"], check=True)
    attempt("TUNGETIFF", lambda: get_iff(fd))


def inherited(name):
    """A program hands the file to another."""
    fd = opened(name)
    os.set_inheritable(fd, True)
    done = subprocess.run([sys.executable, __file__, "given", str(fd)], close_fds=False, capture_output=True, text=True)
    print(done.stdout + done.stderr, end="")


def given(fd):
    attempt("TUNGETIFF", lambda: get_iff(int(fd)))
    attempt("O_NONBLOCK", lambda: bool(fcntl.fcntl(int(fd), fcntl.F_GETFL) & os.O_NONBLOCK))
    attempt("write", lambda: os.write(int(fd), bytes(10) + frame()))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
