# a thousand frames, all of them
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va type veth peer name vb
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip link show vb
frames va vb $(for i in $(seq 200); do echo size=$((60 + i)); done) | sort | uniq -c | wc -l
