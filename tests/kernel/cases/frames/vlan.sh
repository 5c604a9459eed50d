# tagged frames cross unchanged
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va type veth peer name vb
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip link show vb
frames va vb vlan priority qinq vlan=1500
frames vb va vlan=46 qinq=1400
