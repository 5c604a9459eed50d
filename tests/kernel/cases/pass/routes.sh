# routes go to the kernel
ip link add va type veth peer name vb
ip addr add 10.0.0.1/24 dev va
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
ip route add 10.1.0.0/16 via 10.0.0.2
ip route add default via 10.0.0.3 metric 50
ip route add 10.1.0.0/16 via 10.0.0.2
ip route add 10.2.0.0/16 via 99.0.0.1
ip route add 10.3.0.0/16 dev nothing
ip route add blackhole 10.4.0.0/16
ip -j route
ip route get 10.1.2.3
ip route del 10.1.0.0/16
ip route del 10.1.0.0/16
ip route replace default via 10.0.0.4 metric 50
ip route show table all | grep -v -e fe80 -e ff00 -e '^multicast'
