# frames of up to 60000 bytes
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va mtu 9000 type veth peer name vb mtu 9000
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip link show vb
frames va vb size=9000 size=9014 size=9015
ip link set va mtu 65521
ip link set vb mtu 65521
frames va vb size=30000 size=60000
