# frames of all sizes that the MTU allows, and no more
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va type veth peer name vb
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip link show vb
frames va vb size=14 size=15 size=20 size=59 size=60 size=64 size=1500 size=1513 size=1514 size=1515 size=1518 size=1519 size=2000
