# exact counters of frames sent and received
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va type veth peer name vb
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip link show vb
frames va vb size=60 size=60 size=100 size=1514 broadcast multicast >/dev/null
#: stats
ip -s -j link show va
#: stats
ip -s -j link show vb
frames vb va size=200 >/dev/null
#: stats
ip -s -j link show va
#: stats
ip -s link show vb
cat /sys/class/net/va/statistics/tx_packets /sys/class/net/va/statistics/rx_bytes
