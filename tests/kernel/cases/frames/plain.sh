# frames of many kinds cross a pair unchanged
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add n1
ip link add va type veth peer name vb netns n1
ip link set va up
ip -n n1 link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip -n n1 link show vb
frames va vb@n1 plain broadcast multicast other unknown=46 llc=100 zeros
