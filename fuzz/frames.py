#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# frames - makes fuzz/corpus/frame/: frames of many kinds under the circumstances of fuzz/frame.c.
import pathlib
import struct

FOLDER = pathlib.Path(__file__).resolve().parent / "corpus" / "frame"

VNET, PI, LONG, CLONE, BIG, UNSHARE, SMALL_POOL = (1 << i for i in range(7))
OUT_VNET, OUT_CSUM, OUT_TSO, OUT_USO, OUT_IP, OUT_PI = (1 << i for i in range(6))
ALL = OUT_VNET | OUT_CSUM | OUT_TSO | OUT_USO

ETH = bytes.fromhex("020000000002020000000001")


def vnet(flags=0, gso=0, hdr=0, size=0, start=0, offset=0):
    return struct.pack("<BBHHHH", flags, gso, hdr, size, start, offset)


def ipv4(proto, payload, opts=b""):
    words = 5 + len(opts) // 4
    return struct.pack(">BBHHHBBH4s4s", 0x40 | words, 0, (words * 4 + len(payload)) & 0xffff, 0xfffe, 0x4000, 64, proto, 0,
                       b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02") + opts + payload


def ipv6(proto, payload):
    return struct.pack(">IHBB16s16s", 0x60000000, len(payload) & 0xffff, proto, 64, b"\x20" * 16, b"\x21" * 16) + payload


def tcp(payload, opts=b"", flags=0x18):
    return struct.pack(">HHIIBBHHH", 1000, 80, 0xfffff000, 1, (5 + len(opts) // 4) << 4, flags, 1000, 0, 0) + opts + payload


def udp(payload):
    return struct.pack(">HHHH", 1000, 53, (8 + len(payload)) & 0xffff, 0) + payload


def ether(kind, payload, tags=b""):
    return ETH + tags + struct.pack(">H", kind) + payload


def gso(frame, kind, l4, size, header, offset, flags=1):
    return vnet(flags, kind, l4 + header, size, l4, offset) + frame


def seeds():
    big = bytes(range(256)) * 24
    arp = ether(0x0806, bytes.fromhex("0001080006040001020000000001c0000201000000000000c0000202"))
    tcp4 = ether(0x0800, ipv4(6, tcp(big)))
    tcp6 = ether(0x86dd, ipv6(6, tcp(big, opts=b"\x01\x01\x08\x0a" + bytes(8))))
    udp4 = ether(0x0800, ipv4(17, udp(big)))
    udp6 = ether(0x86dd, ipv6(17, udp(big)))
    tags = struct.pack(">HH", 0x88a8, 5) + struct.pack(">HH", 0x8100, 7)
    yield "empty", 0, 0, [b""]
    yield "arp", 0, ALL, [arp]
    yield "arp-cut", 0, 0, [arp[:13], arp[:14], arp[:20]]
    yield "ping", CLONE, 0, [ether(0x0800, ipv4(1, bytes.fromhex("0800f7fe00010001") + bytes(48)))]
    yield "tcp4-whole", BIG, 0, [tcp4]
    yield "tcp4-too-big", 0, 0, [tcp4]
    yield "tcp4-csum", VNET, 0, [gso(ether(0x0800, ipv4(6, tcp(b"hello"))), 0, 34, 0, 0, 16)]
    yield "tcp4-csum-kept", VNET, OUT_CSUM, [gso(ether(0x0800, ipv4(6, tcp(b"hello"))), 0, 34, 0, 0, 16)]
    yield "tcp4-tso-cut", VNET, 0, [gso(tcp4, 1, 34, 1448, 20, 16)]
    yield "tcp4-tso-kept", VNET, ALL, [gso(tcp4, 1, 34, 1448, 20, 16)]
    yield "tcp4-tso-csum-only", VNET | CLONE, OUT_CSUM, [gso(tcp4, 1, 34, 1448, 20, 16)]
    yield "tcp4-ecn-fin", VNET, 0, [gso(ether(0x0800, ipv4(6, tcp(big, flags=0x99))), 0x81, 34, 700, 20, 16)]
    yield "tcp4-options", VNET, 0, [gso(ether(0x0800, ipv4(6, tcp(big), opts=b"\x01" * 8)), 1, 42, 1448, 20, 16)]
    yield "tcp4-tags", VNET, 0, [gso(ether(0x0800, ipv4(6, tcp(big)), tags), 1, 42, 1000, 20, 16)]
    yield "tcp4-tiny-segments", VNET, 0, [gso(tcp4, 1, 34, 1, 20, 16)]
    yield "tcp4-no-pool", VNET | SMALL_POOL, 0, [gso(tcp4, 1, 34, 100, 20, 16)]
    yield "tcp6-tso-cut", VNET, 0, [gso(tcp6, 4, 54, 1400, 32, 16)]
    yield "tcp6-as-tcp4", VNET, 0, [gso(tcp6, 1, 54, 1400, 32, 16)]
    yield "udp4-uso-cut", VNET | UNSHARE, 0, [gso(udp4, 5, 34, 1200, 8, 6)]
    yield "udp6-uso-kept", VNET | LONG, ALL, [gso(udp6, 5, 54, 1200, 8, 6)[:10] + b"\1\0" + udp6]
    yield "udp6-extension", VNET, 0, [gso(ether(0x86dd, ipv6(60, bytes([17, 0, 1, 4, 0, 0, 0, 0]) + udp(big))), 5, 62, 900, 8, 6)]
    yield "pi", PI | VNET, OUT_PI | OUT_VNET, [vnet() + b"\0\0\x08\0" + arp, b"\0\0\x08\0" + vnet() + arp]
    yield "csum-outside", VNET, 0, [vnet(1, 0, 0, 0, 5000, 16) + tcp4[:200], vnet(1, 0, 0, 0, 198, 1) + tcp4[:200]]
    yield "gso-size-0", VNET, 0, [gso(tcp4, 1, 34, 0, 20, 16)]
    yield "gso-unknown", VNET, 0, [gso(tcp4, 3, 34, 1000, 20, 16), gso(tcp4, 0x7f, 34, 1000, 20, 16)]
    yield "gso-hdr-beyond", VNET, 0, [vnet(1, 1, 60000, 1000, 34, 16) + tcp4]
    yield "gso-no-csum", VNET, 0, [vnet(0, 1, 54, 1000, 0, 0) + tcp4]
    yield "sixty-four-k", VNET | BIG, 0, [gso(ether(0x0800, ipv4(6, tcp(bytes(65400)))), 1, 34, 1448, 20, 16)]
    yield "many", CLONE | VNET, OUT_CSUM, [vnet() + arp] * 70
    yield "loop-of-lengths", 0, 0, [bytes(n) for n in (0, 1, 13, 14, 15, 60, 1514, 1515, 1518, 1519)]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    n = 0
    for name, how, out, frames in seeds():
        data = bytes([how, out, 20]) + b"".join(struct.pack("<H", len(f)) + f for f in frames)
        (FOLDER / name).write_bytes(data)
        n += 1
    (FOLDER / "SEEDS").write_text("Made by fuzz/frames.py; what broke the target once is crash-*.\n")
    print(n, "seeds in", FOLDER)


if __name__ == "__main__":
    main()
