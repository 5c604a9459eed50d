#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# vlans - options of a port's VLANs that the installed bridge command does not know yet.
import sys

from helper import expect_equal, run_tests

# ask IFINDEX FIRST LAST VALUE: RTM_NEWVLAN with BRIDGE_VLANDB_ENTRY_NEIGH_SUPPRESS; shown IFINDEX: by RTM_GETVLAN.
PROGRAM = r'''
import os, socket, struct, sys

def attr(kind, data):
    return struct.pack("HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)

def attrs(data):
    while len(data) >= 4:
        size, kind = struct.unpack("HH", data[:4])
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) & ~3:]

def talk(kind, flags, body):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    s.setsockopt(270, 11, 1)
    s.send(struct.pack("IHHII", 16 + len(body), kind, 1 | flags, 1, 0) + body)
    return s.recv(65536)

def header(name):
    return struct.pack("BxxxI", socket.AF_BRIDGE, socket.if_nametoindex(name))

def ask(name, first, last, value):
    entry = attr(1, struct.pack("HH", 1 << 6, first)) + attr(9, bytes([value]))
    if last > first:
        entry += attr(2, struct.pack("H", last))
    answer = talk(112, 4, header(name) + attr(1, entry))
    code = struct.unpack("i", answer[16:20])[0]
    text = answer.split(b"bridge: ")[1].split(b"\0")[0].decode() if b"bridge: " in answer else ""
    print(-code and os.strerror(-code), text)

def shown(name):
    told = talk(114, 0x300, header(name))
    for kind, entry in attrs(told[24:struct.unpack("I", told[:4])[0]]):
        words = dict(attrs(entry))
        vid = struct.unpack("HH", words[1][:4])[1]
        print(vid, struct.unpack("H", words[2][:2])[0] if 2 in words else vid, words[9][0])

ask("p1", 10, 12, 1)
ask("p1", 11, 11, 0)
shown("p1")
ask("br0", 1, 1, 1)
ask("p1", 11, 11, 2)
ask("p1", 30, 31, 1)
'''


def a_vlan_of_a_port_has_neigh_suppress_of_its_own(place):
    (place.cwd / "program").write_text(PROGRAM)
    out = place.good("run", "bash", "-c", """
        ip link add br0 type bridge vlan_filtering 1
        ip link add p1 type veth peer name x1
        ip link set p1 master br0
        bridge vlan add dev p1 vid 10-12
        python3 program
    """)
    expect_equal(out.splitlines(), [
        "0 ", "0 ",
        "1 1 0", "10 10 1", "11 11 0", "12 12 1",
        "Invalid argument Can't set neigh_suppress for non-port vlans",
        "Numerical result out of range ",
        "No such file or directory Vlan range start doesn't exist, can't process options",
    ])


sys.exit(run_tests([value for name, value in list(globals().items())
                    if callable(value) and value.__module__ == "__main__"]))
