#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Two programs, each with a tap of its own in a namespace of its own, hand each other the
# frames over a Unix socket: what every VPN and every virtual machine does.
#
#	wireyard run sh examples/taps.sh
#	tools/demo examples/taps.sh
#
# The "#:" lines are for tools/demo: see examples/memo.sh.

#: section Two namespaces, two socats
folder=$(mktemp -d)
ip netns add left
ip netns add right
ip netns exec left socat UNIX-LISTEN:"$folder/cable" TUN:10.3.0.1/24,tun-type=tap,tun-name=tapl,iff-no-pi,iff-up & cables=$!
until [ -S "$folder/cable" ]; do sleep 0.1; done
ip netns exec right socat UNIX-CONNECT:"$folder/cable" TUN:10.3.0.2/24,tun-type=tap,tun-name=tapr,iff-no-pi,iff-up & cables="$cables $!"
#: check ip -n left -br addr show tapl | grep -q 10.3.0.1/24
#: check ip -n right -br addr show tapr | grep -q 10.3.0.2/24
#: check ip -n left -br link show tapl | grep -q LOWER_UP
#: check ip -n right -br link show tapr | grep -q LOWER_UP

#: section Frames from one to the other
until ip netns exec left ping -c1 -W1 10.3.0.2 >/dev/null; do :; done
ip netns exec left ping -c3 10.3.0.2
#: expect 3 received, 0% packet loss
ip netns exec right ping -c3 10.3.0.1
#: expect 3 received, 0% packet loss
ip -n left -d link show tapl
#: expect tun type tap
ip -n right neigh show dev tapr
#: expect 10.3.0.1

#: section The program ends, and so does its tap
kill $cables
#: check ! ip -n left link show tapl
#: check ! ip -n right link show tapr
ip netns del left
ip netns del right
rm -r "$folder"
