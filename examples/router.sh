#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Three namespaces in a row: a client, a router, a server; IPv4 and IPv6, a web server and a
# download through the router.
#
#	wireyard run sh examples/router.sh
#	tools/demo examples/router.sh
#
# The "#:" lines are for tools/demo: see examples/memo.sh.

#: section Three namespaces and two cables
ip netns add client
ip netns add router
ip netns add server
ip link add c0 netns client type veth peer name r0 netns router
#: check ip -n client link show c0
#: check ip -n router link show r0
ip link add s0 netns server type veth peer name r1 netns router
#: check ip -n server link show s0
#: check ip -n router link show r1

#: section Addresses and routes
for n in client router server; do ip -n $n link set lo up; done
# No waiting for duplicate addresses: these are ours alone.
for n in client router server; do ip netns exec $n sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0; done
ip -n client addr add 10.1.0.2/24 dev c0
ip -n client addr add fd00:1::2/64 dev c0 nodad
ip -n router addr add 10.1.0.1/24 dev r0
ip -n router addr add fd00:1::1/64 dev r0 nodad
ip -n router addr add 10.2.0.1/24 dev r1
ip -n router addr add fd00:2::1/64 dev r1 nodad
ip -n server addr add 10.2.0.2/24 dev s0
ip -n server addr add fd00:2::2/64 dev s0 nodad
for end in client:c0 router:r0 router:r1 server:s0; do ip -n ${end%:*} link set ${end#*:} up; done
#: check ip -n client -br link show c0 | grep -qw UP
#: check ip -n server -br link show s0 | grep -qw UP
ip -n client route add default via 10.1.0.1
ip -n client route add default via fd00:1::1
ip -n server route add default via 10.2.0.1
ip -n server route add default via fd00:2::1
ip netns exec router sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
#: expect net.ipv4.ip_forward = 1

#: section From one end to the other
ip netns exec client ping -c2 10.2.0.2
#: expect 2 received, 0% packet loss
#: expect ttl=63
ip netns exec client ping -c2 fd00:2::2
#: expect 2 received, 0% packet loss
#: expect ttl=63
ip -n router neigh show dev r1
#: expect 10.2.0.2

#: section A web server and a download
folder=$(mktemp -d)
head -c 20000000 /dev/urandom >"$folder/file"
(cd "$folder" && exec ip netns exec server python3 -m http.server --bind :: 8080) >/dev/null 2>&1 & web=$!
until ip netns exec client curl -so /dev/null http://10.2.0.2:8080/; do sleep 0.1; done
ip netns exec client curl -s http://10.2.0.2:8080/file | cmp - "$folder/file" && echo the same
#: expect the same
ip netns exec client curl -s 'http://[fd00:2::2]:8080/file' | cmp - "$folder/file" && echo the same
#: expect the same
ip -n router -s -h link show r1
#: expect RX:

#: section The end
kill $web && rm -r "$folder"
for n in client router server; do ip netns del $n; done
#: check [ -z "$(ip netns list)" ]
