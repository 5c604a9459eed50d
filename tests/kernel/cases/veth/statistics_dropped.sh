# frames sent to a peer that is down
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va type veth peer name vb
ip link set va up
frames va vb size=60 size=61
#: stats
ip -s -j link show va
#: stats
ip -s -j link show vb
