# the memo's pair: peer moved to a namespace, addresses, up, ping both ways
ip netns add nsnet1
ip link add veth-a type veth peer name veth-b
ip link set veth-b netns nsnet1
ip netns exec nsnet1 ip addr add 192.168.200.1/24 dev veth-b
ip netns exec nsnet1 ip link set up dev veth-b
ip addr add 192.168.200.2/24 dev veth-a
ip link set up dev veth-a
await has 'state UP' ip link show veth-a
ping -c3 -i0.2 192.168.200.1
ip netns exec nsnet1 ping -c3 -i0.2 192.168.200.2
ip -4 -j addr
ip -4 -j -n nsnet1 addr
ip route
ip -n nsnet1 route
