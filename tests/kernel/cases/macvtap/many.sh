# as many files as there may be
# needs: macvtap
# user: root
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add w
ip netns exec w sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
n=$((100000 + RANDOM * 4))
ip link add link eth0 mta index $n up type macvtap mode bridge
await has "state UP" ip link show mta
tapfile.py many mta
