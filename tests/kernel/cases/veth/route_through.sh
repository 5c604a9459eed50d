# forwarding through a namespace in the middle
ip netns add mid
ip netns add far
ip link add va type veth peer name vb netns mid
ip -n mid link add vc type veth peer name vd netns far
ip addr add 10.1.0.1/24 dev va
ip -n mid addr add 10.1.0.2/24 dev vb
ip -n mid addr add 10.2.0.1/24 dev vc
ip -n far addr add 10.2.0.2/24 dev vd
ip link set va up
ip -n mid link set vb up
ip -n mid link set vc up
ip -n far link set vd up
ip route add 10.2.0.0/24 via 10.1.0.2
ip -n far route add default via 10.2.0.1
ip netns exec mid sysctl -w net.ipv4.ip_forward=1
await ping -c1 -W1 10.2.0.2
ping -c3 -i0.2 10.2.0.2
ping -c1 -t1 10.2.0.2 | sed -n 2p
ip -n mid link set vc mtu 1000
ping -c1 -M do -s 1200 10.2.0.2 | sed -n 2p
