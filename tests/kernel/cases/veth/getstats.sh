# RTM_GETSTATS tells what a device counts: ip stats
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va type veth peer name vb
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip link show vb
frames va vb size=60 size=100 size=1514 broadcast multicast >/dev/null
frames vb va size=200 size=300 >/dev/null
#: stats
ip -j stats show dev va group link
#: stats
ip stats show dev vb group link
#: stats
ip -j stats show dev va
ip link add vc type veth peer name vd
#: stats
ip stats show group link
ip stats show dev nothing group link
