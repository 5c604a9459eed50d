# the memo's tap in a namespace, reached by its address over a veth
ip netns add nsnet1
ip link add veth-a type veth peer name veth-b
ip link set veth-b netns nsnet1
ip netns exec nsnet1 ip addr add 192.168.200.1/24 dev veth-b
ip netns exec nsnet1 ip link set up dev veth-b
ip addr add 192.168.200.2/24 dev veth-a
ip link set up dev veth-a
tunctl -t tap1
ip link set tap1 netns nsnet1
ip netns exec nsnet1 ip addr add 192.168.100.1/24 dev tap1
ip netns exec nsnet1 ip link set up dev tap1
ip route add 192.168.100.0/24 dev veth-a
sysctl -w net.ipv4.ip_forward=1
await has 'state UP' ip link show veth-a
ping -c3 -i0.2 192.168.100.1
ip -n nsnet1 -j link show tap1
ip netns exec nsnet1 ip tuntap
ip tuntap
