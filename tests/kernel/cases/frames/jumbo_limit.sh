# the largest frame of the largest MTU
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va mtu 65521 type veth peer name vb mtu 65521
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip link show vb
frames va vb size=65535 size=65536
