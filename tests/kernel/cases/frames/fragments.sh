# a datagram larger than the MTU is cut and put together
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add n1
ip link add va type veth peer name vb netns n1
ip link set va up
ip -n n1 link set vb up
ip addr add 10.1.0.1/24 dev va
ip -n n1 addr add 10.1.0.2/24 dev vb
await ping -c1 -W1 10.1.0.2
ping -c2 -i0.2 -s 8000 10.1.0.2
ping -c1 -M do -s 1472 10.1.0.2
ping -c1 -M do -s 1473 -W1 10.1.0.2
