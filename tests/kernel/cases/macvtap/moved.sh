# in another namespace
# needs: macvtap
# user: root
# differs: noqueue the mirror is another kernel device there, which has no queue
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add w
ip netns exec w sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip netns add n1
ip link add link eth0 mta index $((100000 + RANDOM * 4)) netns n1 up type macvtap mode bridge
await has "state UP" ip -n n1 link show mta
ip -n n1 -d link show mta
ip netns exec n1 tapfile.py ioctls mta
