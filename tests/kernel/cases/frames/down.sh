# nothing passes when an end is down
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va type veth peer name vb
frames va vb plain
ip link set va up
frames va vb plain
