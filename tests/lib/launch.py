#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# launch - start a command in a world made for it, by execution: no process is left between.
#
#   launch.py user UID -- CMD...   as an ordinary user without groups or capabilities, who finds a
#                                  /dev/net/tun of mode 0666: a node of their own in a private mount
#                                  namespace, so the machine's node is neither used nor changed
#   launch.py real -- CMD...       in fresh user, mount and network namespaces of the kernel, with the
#                                  mounts that `ip netns` needs: what a yard is compared with
import ctypes
import fcntl
import os
import socket
import struct
import sys

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x20000, 0x10000000, 0x40000000
MS_NOSUID, MS_REC, MS_PRIVATE = 2, 0x4000, 1 << 18
PR_SET_DUMPABLE, SIOCSIFFLAGS, IFF_UP = 4, 0x8914, 1
libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result != 0:
        sys.exit(f"launch: {what}: {os.strerror(ctypes.get_errno())}")


def mount(source, target, kind, flags=0, data=""):
    return libc.mount(source.encode(), target.encode(), kind.encode() if kind else None, flags, data.encode())


def map_ids(pid, everyone, uid, gid):
    """Map the ids of @pid's new user namespace: all of them where we may, else only our own."""
    if not everyone:
        with open(f"/proc/{pid}/setgroups", "w") as f:
            f.write("deny")
    for name, own in (("uid_map", uid), ("gid_map", gid)):
        with open(f"/proc/{pid}/{name}", "w") as f:
            f.write("0 0 4294967295" if everyone else f"0 {own} 1")


def enter_real():
    """As a yard of the same user: the ids are mapped by a helper that stays outside."""
    uid, gid, everyone = os.geteuid(), os.getegid(), os.geteuid() == 0
    main = os.getpid()
    ready, answer = os.pipe(), os.pipe()
    helper = os.fork()
    if helper == 0:
        os.close(ready[1])
        os.read(ready[0], 1)
        try:
            map_ids(main, everyone, uid, gid)
        except OSError as error:
            sys.exit(f"launch: cannot map ids: {error}")
        os._exit(0)
    check(libc.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET), "unshare")
    os.write(ready[1], b"x")
    if os.waitpid(helper, 0)[1]:
        sys.exit(1)
    for fd in ready + answer:
        os.close(fd)
    check(mount("none", "/", None, MS_REC | MS_PRIVATE), "make mounts private")
    check(mount("none", "/run", "tmpfs", 0, "mode=755"), "mount /run")
    os.mkdir("/run/netns")
    check(mount("sysfs", "/sys", "sysfs"), "mount /sys")
    # As in a yard, the first namespace's lo is up.
    with socket.socket() as s:
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP))


def become_user(uid):
    check(libc.unshare(CLONE_NEWNS), "unshare")
    check(mount("none", "/", None, MS_REC | MS_PRIVATE), "make mounts private")
    check(mount("none", "/dev/net", "tmpfs", MS_NOSUID, "mode=755"), "mount /dev/net")
    os.umask(0)
    os.mknod("/dev/net/tun", 0o20666, os.makedev(10, 200))
    os.umask(0o22)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    # The change of ids made /proc/self root's; an ordinary user's program owns its own.
    check(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def main(words):
    while words and words[0] in ("user", "real"):
        if words[0] == "user":
            become_user(int(words[1]))
            words = words[2:]
        else:
            enter_real()
            words = words[1:]
        if words and words[0] == "--":
            words = words[1:]
    os.execvp(words[0], words)


main(sys.argv[1:])
