#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# device_seeds - makes fuzz/corpus/devices/: programs for fuzz/devices.c that do something.
import pathlib
import struct

FOLDER = pathlib.Path(__file__).resolve().parent / "corpus" / "devices"
KINDS = {"bridge": 0, "dummy": 1, "macvlan": 2, "macvtap": 3, "tun": 4, "veth": 5, "vlan": 6}  # as in src/main/kinds.c
ETH = bytes.fromhex("020000000002020000000001")
IP4 = bytes.fromhex("45000000000040004006000" + "00a0000010a000002")
IP6 = bytes.fromhex("60000000000006400" + "0" * 30 + "1" + "0" * 31 + "2")


def op(code, slot=0):
    return bytes([code | slot << 4])


def make(kind, ns=0, multi_queue=False):
    return op(0) + bytes([KINDS[kind] | ns << 7]) + (bytes([multi_queue]) if kind == "tun" else b"")


def up(slot):
    return op(3, slot) + b"\1"


def mirror(slot, features):
    return op(4, slot) + bytes([features])


def join(slot, other):
    return op(5, slot) + bytes([other])


def send(slot, data, size=None, receive=False, copies=0, queue=0, off=None, ip=False):
    size = size or len(data)
    period = min(max(len(data), 1), 128)
    data = data[:period].ljust(period, b"\0")
    how = receive | copies << 4
    start = (1 if off else 0) | (2 if ip else 0) | queue << 4
    return (op(9, slot) + bytes([how]) + struct.pack(">HBB", size, start, period - 1) + data[:min(size, period)] +
            (struct.pack(">BBHHHH", *off) if off else b""))


def tcp4(payload=0):
    return ETH + b"\x08\0" + IP4[:2] + struct.pack(">H", min(40 + payload, 65535)) + IP4[4:] + bytes(12) + b"\x50\x10" + bytes(6)


def udp4():
    ip = bytearray(IP4)
    ip[9] = 17
    return ETH + b"\x08\0" + bytes(ip) + struct.pack(">HHHH", 1000, 2000, 0, 0)


def tcp6():
    return ETH + b"\x86\xdd" + IP6 + bytes(12) + b"\x50\x10" + bytes(6)


PAIR = make("veth") + up(0) + up(1)
RUN = op(7)
TCP4_GSO = (1, 1, 54, 1448, 34, 16)
UDP_GSO = (1, 5, 42, 1000, 34, 6)
TCP6_GSO = (1, 4, 74, 1428, 54, 16)

SEEDS = {
    "veth": PAIR + mirror(1, 0) + send(0, tcp4()) + RUN,
    "veth-flood": PAIR + mirror(1, 0) + send(0, tcp4(), 1500, copies=15) * 8 + RUN,
    "veth-checksum": PAIR + mirror(1, 0) + send(0, tcp4(), 1500, off=(1, 0, 0, 0, 34, 16)) + RUN,
    "veth-segments": PAIR + mirror(1, 0) + send(0, tcp4(40000), 40054, off=TCP4_GSO) + RUN,
    "veth-segments-carried": PAIR + mirror(1, 0x3f) + send(0, tcp4(40000), 40054, off=TCP4_GSO) + RUN,
    "veth-segments-6": PAIR + mirror(1, 2) + send(0, tcp6(), 20000, off=TCP6_GSO, copies=2) + RUN,
    "veth-segments-udp": PAIR + mirror(1, 4) + send(0, udp4(), 20000, off=UDP_GSO) + RUN,
    "veth-segments-vlan": PAIR + mirror(1, 0) + send(0, ETH + b"\x81\0\0\5" + tcp4(9000)[12:], 9058, off=(1, 1, 58, 1000, 38, 16)) + RUN,
    "segments-of-nothing": PAIR + mirror(1, 0) + send(0, ETH, 60000, off=(1, 1, 0, 1, 0, 0)) + RUN,
    "checksum-beyond-the-end": PAIR + mirror(1, 0) + send(0, tcp4(), 100, off=(1, 0, 0, 0, 65535, 65535)) + RUN,
    "too-big": PAIR + mirror(1, 0) + send(0, tcp4(), 9000, copies=3) + RUN,
    "loop": make("veth") + make("veth") + b"".join(up(i) for i in range(4)) + join(1, 2) + join(3, 0) + join(2, 2) + send(0, tcp4(), copies=15) + RUN,
    "death-in-flight": PAIR + mirror(1, 0) + send(0, tcp4(), copies=4) + op(8) + b"\1" + send(0, tcp4()) + op(2, 1) + RUN,
    "dummy": make("dummy") + up(0) + send(0, tcp4(), copies=3) + send(0, b"", 0, receive=True) + RUN,
    "tap": make("tun") + up(0) + op(6) + b"\2\0\0" + send(0, tcp4(), 1500, off=(1, 0, 0, 0, 34, 16)) + send(0, tcp4(), receive=True) + RUN + op(6) + b"\1" + send(0, tcp4()) + RUN,
    "tap-queues": make("tun", multi_queue=True) + up(0) + (op(6) + b"\2\0\x3f") * 4 + b"".join(send(0, tcp4(), queue=q, copies=2, receive=q % 2) for q in range(6)) + RUN + op(6) + b"\x11" + send(0, tcp4(), queue=1) + RUN,
    "tun-ip": make("tun") + up(0) + op(6) + b"\0\x08" + send(0, IP4, 20, ip=True) + RUN,
    "moves": PAIR + op(3, 1) + b"\x1d\5\x78" + mirror(1, 0) + send(0, tcp4(), 1400) + RUN + op(3) + b"\3" + send(0, tcp4()) + RUN,
}

FOLDER.mkdir(parents=True, exist_ok=True)
for name, data in SEEDS.items():
    (FOLDER / name).write_bytes(data)
(FOLDER / "SEEDS").write_text("The files beside this one are made by fuzz/device_seeds.py; crash-* are not.\n")
