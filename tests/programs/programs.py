#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# programs - real programs, unmodified, in a yard: servers and clients, captures, transfers, statically linked
# ones and Go's.
#
#   programs.py [--real] [PATTERN...]    --real: in the kernel's own namespaces, to check the test
#
# Every scenario is a bash script that runs in a yard of its own, as root and as an ordinary
# user, with two namespaces "left" and "right" joined by a pair of veth that has IPv4 and IPv6 addresses; it
# says what went wrong and fails, or succeeds.
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

from lib import tap, world  # noqa: E402

PRELUDE = r"""
set -e -o pipefail
cd "$TMPDIR"
await() { for _i in {1..200}; do "$@" >/dev/null 2>&1 && return 0; sleep 0.05; done; echo "in vain: $*"; return 1; }
has() { [[ "$("${@:2}" 2>&1)" == *"$1"* ]]; }
left() { ip netns exec left "$@"; }
right() { ip netns exec right "$@"; }
expect() { [[ "$2" == *"$1"* ]] || { echo "expected \"$1\" in: $2"; return 1; }; }
listening() { await has ":$2 " ip netns exec $1 ss -Hltn; }
ip netns add left
ip netns add right
ip link add l0 type veth peer name r0
ip link set l0 netns left
ip link set r0 netns right
for side in left right; do ip -n $side link set lo up; done
ip -n left addr add 10.0.0.1/24 dev l0
ip -n right addr add 10.0.0.2/24 dev r0
ip -n left addr add fd00::1/64 dev l0 nodad
ip -n right addr add fd00::2/64 dev r0 nodad
ip -n left link set l0 up
ip -n right link set r0 up
await has 'state UP' ip -n left link show l0
await has 'state UP' ip -n right link show r0
"""

NGINX = """
cat >nginx.conf <<END
pid $TMPDIR/nginx.pid;
error_log $TMPDIR/error.log;
events {}
http {
	access_log off;
	client_body_temp_path $TMPDIR/b; proxy_temp_path $TMPDIR/p; fastcgi_temp_path $TMPDIR/f;
	uwsgi_temp_path $TMPDIR/u; scgi_temp_path $TMPDIR/s;
	server { listen 80; listen [::]:80; root $TMPDIR/www; }
}
END
mkdir -p www; head -c 3000000 /dev/urandom >www/file; chmod -R a+rX . www
right nginx -c $TMPDIR/nginx.conf -g 'user root;'
listening right 80
left curl -sS -o four http://10.0.0.2/file
left curl -sS -o six 'http://[fd00::2]/file'
cmp four www/file; cmp six www/file
expect '404' "$(left curl -sS -o /dev/null -w '%{http_code}' http://10.0.0.2/nothing)"
"""

TRANSFER = """
cat >give.py <<'END'
import hashlib, os, socket, sys
s = socket.create_connection((sys.argv[1], 5000))
block, digest = os.urandom(1 << 20), hashlib.sha256()
for n in range(1024):
    piece = n.to_bytes(8, "big") + block[8:]
    digest.update(piece)
    s.sendall(piece)
s.close()
print(digest.hexdigest())
END
cat >take.py <<'END'
import hashlib, socket, sys
s = socket.create_server((sys.argv[1], 5000), family=socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
print("ready", flush=True)
c, _ = s.accept()
digest, total = hashlib.sha256(), 0
while data := c.recv(1 << 20):
    digest.update(data)
    total += len(data)
print(total, digest.hexdigest())
END
right /usr/bin/python3 take.py ADDRESS >taken &
taker=$!
await grep -q ready taken
given=$(left /usr/bin/python3 give.py ADDRESS)
wait $taker
expect "1073741824 $given" "$(tail -1 taken)"
"""

SCENARIOS = {
    "ping over IPv4 and IPv6, both ways": """
expect ' 3 received' "$(left ping -c3 -i0.2 10.0.0.2)"
expect ' 3 received' "$(right ping -c3 -i0.2 10.0.0.1)"
expect ' 3 received' "$(left ping -6 -c3 -i0.2 fd00::2)"
expect ' 3 received' "$(right ping -6 -c3 -i0.2 fd00::1)"
expect ' 2 received' "$(left ping -c2 -i0.2 -s 20000 10.0.0.2)"
""",
    "arping": """
expect 'Received 2' "$(left arping -c2 -I l0 10.0.0.2)"
""",
    "nginx and curl over IPv4 and IPv6": NGINX,
    "python's http.server and curl": """
mkdir www; head -c 500000 /dev/urandom >www/file
right /usr/bin/python3 -m http.server --bind :: --directory www 8000 >/dev/null 2>&1 &
listening right 8000
left curl -sS -o four http://10.0.0.2:8000/file
left curl -sS -o six 'http://[fd00::2]:8000/file'
cmp four www/file; cmp six www/file
""",
    "iperf3: TCP both ways, UDP": """
right iperf3 -s >server 2>&1 &
listening right 5201
expect '"sum_received"' "$(left iperf3 -J -t1 -c 10.0.0.2)"
expect '"sum_received"' "$(left iperf3 -J -t1 -R -c fd00::2)"
lost=$(left iperf3 -J -t1 -u -b 20M -c 10.0.0.2 | jq .end.sum.lost_packets)
expect lost=0 "lost=$lost"
""",
    "tcpdump on an end of the pair": """
right tcpdump -l -n -i r0 icmp >text 2>log &
right tcpdump -Z root -U -n -i r0 -w capture icmp 2>log2 &
await grep -q 'listening on' log
await grep -q 'listening on' log2
left ping -c3 -i0.2 10.0.0.2 >/dev/null
await has '6' sh -c "tcpdump -n -r capture 2>/dev/null | wc -l"
await has '6' sh -c "wc -l <text"
for text in "$(tcpdump -n -r capture 2>/dev/null)" "$(cat text)"; do
	expect 'IP 10.0.0.1 > 10.0.0.2: ICMP echo request' "$text"
	expect 'IP 10.0.0.2 > 10.0.0.1: ICMP echo reply' "$text"
done
left tcpdump -c1 -n -i l0 arp >arp 2>/dev/null &
left ip neigh flush dev l0
await sh -c 'ip netns exec left ping -c1 -W1 10.0.0.2; grep -q who-has arp'
""",
    "a gibibyte over IPv4 arrives whole": TRANSFER.replace("ADDRESS", "10.0.0.2"),
    "a gibibyte over IPv6 arrives whole": TRANSFER.replace("ADDRESS", "fd00::2"),
    "socat: a large datagram, in fragments": """
head -c 60000 /dev/urandom >file
right socat -u -b 65536 UDP-RECVFROM:6000 CREATE:got &
await has ':6000 ' ip netns exec right ss -Hlun
left socat -u -b 60000 OPEN:file UDP-SENDTO:10.0.0.2:6000
await cmp file got
""",
    "two socat taps in two namespaces ping each other": """
ip netns add n1
ip netns add n2
ip netns exec n1 socat TUN:10.7.0.1/24,tun-type=tap,tun-name=s1,iff-up,iff-no-pi UNIX-LISTEN:wire,type=5 &
await test -S wire
ip netns exec n2 socat TUN:10.7.0.2/24,tun-type=tap,tun-name=s2,iff-up,iff-no-pi UNIX-CONNECT:wire,type=5 &
await has s2 ip -n n2 link
await ip netns exec n1 ping -c1 -W1 10.7.0.2
expect ' 5 received' "$(ip netns exec n1 ping -c5 -i0.1 10.7.0.2)"
expect ' 5 received' "$(ip netns exec n2 ping -c5 -i0.1 10.7.0.1)"
""",
    "busybox, statically linked: ip and ping": """
busybox ip link add b0 type veth peer name b1
expect b0 "$(busybox ip link show b0)"
expect veth "$(ip -d link show b0)"
busybox ip addr add 10.3.0.1/24 dev b0
busybox ip link set b0 up
expect 10.3.0.1/24 "$(busybox ip addr show b0)"
expect 10.3.0.0/24 "$(busybox ip route)"
expect l0 "$(left busybox ip link)"
expect '3 packets received' "$(left busybox ping -c3 10.0.0.2)"
expect '3 packets received' "$(left busybox ping6 -c3 fd00::2)"
busybox ip link set b0 name b9
expect b9 "$(ip link show b9)"
! busybox ip link show b0 2>/dev/null
""",
    "openvpn makes and removes a tap and a tun": """
openvpn --mktun --dev tap8 >/dev/null
openvpn --mktun --dev tun8 >/dev/null
expect tap8 "$(ip tuntap)"
expect tun8 "$(ip tuntap)"
expect 'tun type tap' "$(ip -d link show tap8)"
openvpn --rmtun --dev tap8 >/dev/null
openvpn --rmtun --dev tun8 >/dev/null
[ -z "$(ip tuntap)" ]
""",
    "udevadm monitor sees devices come and go": """
udevadm monitor -k -s net >log &
await grep -q KERNEL log
ip link add e0 type veth peer name e1
tunctl -t tap3 >/dev/null
ip link del e0
tunctl -d tap3 >/dev/null
for word in 'add.*/net/e0' 'add.*/net/e1' 'remove.*/net/e0' 'remove.*/net/e1' 'add.*/net/tap3' 'remove.*/net/tap3'; do
	await grep -q "$word" log
done
""",
    "strace runs a program that uses netlink": """
strace -f -o trace ip link show lo >out
expect LOOPBACK "$(cat out)"
grep -q AF_NETLINK trace
""",
}

GO = """
ip link add g0 type veth peer name g1
ip tuntap add gt mode tap
text=$(listlinks)
expect 'g0 1500' "$text"
expect 'g0 is veth' "$text"
expect 'g1 is veth' "$text"
expect 'gt is tun' "$text"
expect 'lo is ' "$text"
text=$(left listlinks)
expect 'l0 1500 up|broadcast|multicast' "$text"
expect 'l0 is veth' "$text"
"""


def build_go(folder):
    """The Go program, built; None where there is no Go."""
    if not shutil.which("go"):
        return None
    shutil.copy(HERE / "listlinks.go", folder)
    env = dict(os.environ, GOCACHE=f"{folder}/cache", GOPATH=f"{folder}/path", CGO_ENABLED="0", GOFLAGS="-mod=mod",
               GO111MODULE="off")
    done = subprocess.run(["go", "build", "-o", folder / "listlinks", "listlinks.go"], cwd=folder, env=env,
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the Go program does not build:\n{done.stderr}")
    program = folder / "listlinks"
    shutil.rmtree(folder / "cache", ignore_errors=True)
    return program


def run(writer, stage, kind, user, name, script):
    with world.World(stage, kind, user, "programs") as where:
        start = time.monotonic()
        done = where.run(["bash", "-c", PRELUDE + script], timeout=120)
        writer.note(f"{time.monotonic() - start:.1f} s")
        writer.point(done.status == 0 and not done.late, f"{name}, as {user}", f"status {done.status}\n{done.output}")
        if kind == "yard":
            writer.point(not done.leaks, f"and nothing is left, as {user}", "\n".join(done.leaks))


def main():
    words = [w for w in sys.argv[1:] if w != "--real"]
    kind = "real" if "--real" in sys.argv else "yard"
    writer = tap.Writer()
    build = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"programs-{os.getpid()}"
    build.mkdir()
    try:
        go = build_go(build)
        with world.Stage(*([go] if go else []), wireyard=os.environ.get("WIREYARD_RELEASE", HERE.parent.parent / "build/wireyard")) as stage:
            world.needs_yard(stage)
            chosen = dict(SCENARIOS, **({"a Go program's own netlink": GO} if go else {}))
            for name, script in chosen.items():
                if words and not any(w in name for w in words):
                    continue
                for user in world.users():
                    run(writer, stage, kind, user, name, script)
            if not go:
                writer.skip("a Go program's own netlink", "golang-go is not installed")
    finally:
        shutil.rmtree(build, ignore_errors=True)
    return writer.done()


sys.exit(main())
