#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# mcast_seeds - makes fuzz/corpus/mcast/: steps for fuzz/mcast.c, one message of each sort among them.
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parent / "corpus" / "mcast"
GROUP4 = bytes([239, 1, 1, 1])
GROUP6 = bytes.fromhex("ff15" + "00" * 13 + "01")
SOURCE4, SOURCE6 = bytes([10, 0, 0, 5]), bytes.fromhex("fe80" + "00" * 13 + "05")
RAW, IPV4, PIM, SUM = 1, 2, 4, 8


def message(port, how, data):
    """A frame in at a port (3: from the bridge itself) with a message whose checksum is right."""
    return bytes([port << 6 | how | SUM, len(data)]) + data


def igmp(port, kind, group=GROUP4, code=0, more=b""):
    return message(port, IPV4, bytes([kind, code, 0, 0]) + group + more)


def igmp3(port, *records):
    body = b"".join(bytes([kind, 0, 0, len(sources)]) + group + b"".join(sources) for kind, group, sources in records)
    return message(port, IPV4, bytes([0x22, 0, 0, 0, 0, 0, 0, len(records)]) + body)


def mld(port, kind, group=GROUP6, more=b""):
    return message(port, 0, bytes([kind, 0, 0, 0, 0, 10, 0, 0]) + group + more)


def mld2(port, *records):
    body = b"".join(bytes([kind, 0, 0, len(sources)]) + group + b"".join(sources) for kind, group, sources in records)
    return message(port, 0, bytes([143, 0, 0, 0, 0, 0, 0, len(records)]) + body)


def raw(port, data):
    return bytes([port << 6 | RAW, len(data)]) + data


def wait(power):
    """10 ms times two to the power."""
    return bytes([0x30 | power])


DATA4 = raw(1, bytes.fromhex("01005e010101020000000002080045000014000000000111") + bytes(2) + SOURCE4 + GROUP4)
SEEDS = {
    "igmp2": bytes([1]) + igmp(0, 0x16) + DATA4 + igmp(0, 0x17) + wait(7) + wait(12),
    "igmp1": bytes([0]) + igmp(1, 0x12) + wait(15),
    "igmp-queries": bytes([3]) + igmp(0, 0x11, bytes(4), 100) + igmp(1, 0x11, GROUP4, 10) + wait(10)
    + igmp(2, 0x11, bytes(4), 100, bytes([2, 125, 0, 1]) + SOURCE4) + wait(14),
    "igmp3": bytes([3]) + igmp3(0, (2, GROUP4, ()), (1, GROUP4, (SOURCE4,))) + igmp3(1, (4, GROUP4, (SOURCE4,)))
    + igmp3(0, (5, GROUP4, (SOURCE4,)), (6, GROUP4, (SOURCE4,)), (3, GROUP4, ())) + DATA4 + wait(9) + wait(15),
    "igmp3-more-records-than-bytes": bytes([3]) + message(0, IPV4, bytes([0x22, 0, 0, 0, 0, 0, 0, 9, 1, 0, 0, 200]) + GROUP4),
    "mld1": bytes([5]) + mld(0, 131) + mld(0, 132) + mld(1, 130, bytes(16)) + wait(12),
    "mld2": bytes([5]) + mld2(0, (2, GROUP6, ()), (1, GROUP6, (SOURCE6,))) + mld2(1, (4, GROUP6, (SOURCE6,)))
    + mld2(0, (6, GROUP6, (SOURCE6,)), (3, GROUP6, ())) + wait(9) + mld(2, 130, GROUP6, bytes([2, 125, 0, 1]) + SOURCE6),
    "mld2-more-sources-than-bytes": bytes([5]) + message(0, 0, bytes([143, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0]) + GROUP6),
    "routers": bytes([0]) + message(0, IPV4 | PIM, bytes([0x20, 0, 0, 0])) + igmp(1, 0x30) + message(2, 0, bytes([151, 0, 0, 0])) + wait(15),
    "vlans": bytes([9]) + igmp(0, 0x16) + raw(1, bytes.fromhex("01005e010101020000000002810000010800") + bytes(20)) + wait(12),
    "hosts": bytes([35]) + igmp3(0, (2, GROUP4, ()), (1, GROUP4, (SOURCE4,)), (5, GROUP4, (GROUP4[:3] + b"\1",))) + igmp3(1, (4, GROUP4, (SOURCE4,)))
    + igmp3(0, (6, GROUP4, (SOURCE4,))) + wait(9) + igmp3(0, (3, GROUP4, ())),
    "from-itself": bytes([1]) + igmp(3, 0x16) + mld(3, 131) + DATA4 + wait(15),
}

FOLDER.mkdir(parents=True, exist_ok=True)
for name, data in SEEDS.items():
    (FOLDER / name).write_bytes(data)
(FOLDER / "SEEDS").write_text("The files beside this one are made by fuzz/mcast_seeds.py; crash-* are not.\n")
