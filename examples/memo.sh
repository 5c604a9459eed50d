#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The practices of "The virtual device names", a memo on Linux's virtual network devices: its
# commands, in its order, as a root shell takes them.
#
#	wireyard run sh examples/memo.sh	in a yard, without root
#	make demo				the same, each step checked and explained
#
# This is an ordinary script; nothing in it knows wireyard.  It expects a network namespace of
# its own and permission to configure it, so it runs as well on Linux's own devices:
#
#	sudo tools/demo --kernel
#
# The lines that start with "#:" are read by tools/demo, which checks what they say:
#
#	#: section TEXT		a heading of the memo
#	#: note TEXT		a sentence for the reader
#	#: also			the next command is not in the memo
#	#: expect TEXT		the output of the command above holds TEXT
#	#: refuse TEXT		the output of the command above does not hold TEXT
#	#: match REGEX		the output matches
#	#: check COMMAND	a look from elsewhere; exits 0, at once or within some seconds

#: section Network namespaces
ip netns add nsnet1
#: check ls /run/netns/nsnet1
ip netns list
#: expect nsnet1
ip netns exec nsnet1 ip addr show
#: expect lo: <LOOPBACK>
#: refuse 2:
ip netns exec nsnet1 ls -l /proc/net
#: expect self/net
#: also
ip netns exec nsnet1 ls -l /proc/net/
#: expect route
#: expect dev_mcast
ip link add veth-a type veth peer name veth-b
#: check ip link show veth-a | grep -q veth-a@veth-b
#: check ip link show veth-b | grep -q veth-b@veth-a
ip link set veth-b netns nsnet1
#: check ip -n nsnet1 link show veth-b
#: check ! ip link show veth-b
ip netns exec nsnet1 ip addr add 192.168.200.1/24 dev veth-b
ip netns exec nsnet1 ip link set up dev veth-b
ip addr add 192.168.200.2/24 dev veth-a
ip link set up dev veth-a
#: check ip -br link show veth-a | grep -qw UP
#: check ip -n nsnet1 -br link show veth-b | grep -qw UP
ping -c3 192.168.200.1
#: expect 3 received, 0% packet loss
ip netns exec nsnet1 ping -c3 192.168.200.2
#: expect 3 received, 0% packet loss
tunctl -t tap1
#: expect Set 'tap1' persistent
#: check ip tuntap show | grep -q '^tap1: tap'
#: note or: the memo's other way to make it
#: also
tunctl -d tap1
#: check ! ip link show tap1
ip tuntap add tap1 mode tap
#: check ip tuntap show | grep -q '^tap1: tap'
ip link set tap1 netns nsnet1
#: check ip -n nsnet1 link show tap1
#: check ! ip link show tap1
ip netns exec nsnet1 ip addr add 192.168.100.1/24 dev tap1
ip netns exec nsnet1 ip link set up dev tap1
#: check ip -n nsnet1 addr show tap1 | grep -q 192.168.100.1/24
ip route add 192.168.100.0/24 dev veth-a
sysctl -w net.ipv4.ip_forward=1
#: expect net.ipv4.ip_forward = 1
#: check grep -q 1 /proc/sys/net/ipv4/ip_forward
ping -c3 192.168.100.1
#: expect 3 received, 0% packet loss

#: section tapXXX
#: note udevadm and ip watch, in the background, while devices come and go
seen=$(mktemp -d)
udevadm monitor >"$seen/udevadm" 2>&1 & watchers=$!
#: also
ip monitor link address >"$seen/ip" 2>&1 & watchers="$watchers $!"
sleep 1
#: check grep -q KERNEL "$seen/udevadm"
tunctl -t tap1
#: expect Set 'tap1' persistent
ip link set dev tap1 up
#: check ip link show tap1 | grep -q '<.*UP.*>'
ip addr add 192.168.124.7/24 dev tap1
#: check ip -br addr show tap1 | grep -q 192.168.124.7/24
#: also
ip -d link show tap1
#: expect tun type tap
#: also
ping -c1 192.168.124.7
#: expect 1 received, 0% packet loss

#: section tunXXX
#: also
ip tuntap add tun1 mode tun
#: check ip tuntap show | grep -q '^tun1: tun'
#: also
ip -d link show tun1
#: expect link/none
#: expect tun type tun

#: section vethXXX
ip link add veth1 type veth peer name veth2
#: check ip link show veth1 | grep -q veth1@veth2
#: also
ip -d -s link show veth1
#: expect veth1@veth2
#: expect RX:
#: also
ip -d -j -s link
#: match "link":"veth2","ifname":"veth1"
#: match "ifname":"veth-a".*"info_kind":"veth".*"stats64":\{"rx":\{"bytes":[1-9]

#: section What the watchers saw
#: also
ip link del veth1
#: check ! ip link show veth2
#: also
ip tuntap del tun1 mode tun
#: also
tunctl -d tap1
#: expect Set 'tap1' nonpersistent
#: also
ip netns del nsnet1
#: check ! ip link show veth-a
#: also
sleep 1
#: also
cat "$seen/udevadm"
#: match KERNEL\[.*add .*/net/tap1
#: match KERNEL\[.*add .*/net/veth1
#: match KERNEL\[.*add .*/net/veth2
#: match KERNEL\[.*remove .*/net/veth1
#: match KERNEL\[.*remove .*/net/veth2
#: match KERNEL\[.*remove .*/net/tap1
#: also
cat "$seen/ip"
#: expect 192.168.124.7/24
#: expect veth1@veth2
#: match Deleted .*veth1
#: match Deleted .*tap1
#: also
kill $watchers && rm -r "$seen"
