#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# macvtap in its modes: two programs share one network card, each with an address of its own.  The
# card is one end of a veth here; a bridge stands at the other end of its cable.  The programs are
# printf and grep: each write to /dev/tapN is one frame, each read gives one, behind ten bytes
# of virtio header.  A virtual machine does the same: 3<>/dev/tapN, -netdev tap,fd=3.
#
#	wireyard run sh examples/macvtap.sh
#	tools/demo examples/macvtap.sh
#
# The "#:" lines are for tools/demo: see examples/memo.sh.

#: section A card, and a bridge at the other end of its cable
ip netns add outside
ip link add eth0 type veth peer name wire netns outside
ip -n outside link add br0 type bridge
ip -n outside link set wire master br0
ip -n outside link set br0 up
ip -n outside link set wire up
ip link set eth0 up
until ip netns exec outside bridge link show dev wire | grep -q forwarding; do sleep 0.1; done

#: section Two macvtaps in mode bridge, each opened by a program
ip link add link eth0 name tapa address 02:00:00:00:00:0a type macvtap mode bridge
ip link add link eth0 name tapb address 02:00:00:00:00:0b type macvtap mode bridge
ip link set tapa up
ip link set tapb up
ip -d link show tapa
#: expect macvtap mode bridge
exec 3<>/dev/tap$(cat /sys/class/net/tapa/ifindex) 4<>/dev/tap$(cat /sys/class/net/tapb/ifindex)
header='\0\0\0\0\0\0\0\0\0\0' a='\2\0\0\0\0\12' b='\2\0\0\0\0\13'

#: section From one to the other, without leaving the card
printf "$header$b$a\210\265hello from a\n" >&3
timeout 5 grep -a -m1 -o "hello from a" <&4
#: expect hello from a

#: section Mode vepa: everything goes out, and comes back if the bridge reflects it
ip link set tapa type macvtap mode vepa
ip link set tapb type macvtap mode vepa
ip netns exec outside bridge link set dev wire hairpin on
printf "$header$b$a\210\265by the bridge\n" >&3
timeout 5 grep -a -m1 -o "by the bridge" <&4
#: expect by the bridge

#: section Mode passthru: one has the card for itself
exec 3<&- 4<&-
ip link del tapa
ip link del tapb
ip link add link eth0 name tapc type macvtap mode passthru
#: check test "$(cat /sys/class/net/tapc/address)" = "$(cat /sys/class/net/eth0/address)"
#: check ! ip link add link eth0 name tapd type macvtap mode bridge
ip link del tapc
ip link del eth0
ip netns del outside
