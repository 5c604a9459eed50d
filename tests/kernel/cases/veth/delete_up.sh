# a pair in use is deleted, with its addresses and routes
ip link add va type veth peer name vb
ip addr add 10.5.0.1/24 dev va
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
ip route add 10.6.0.0/24 via 10.5.0.2
ip route
ip link del va
ip route
ip -j addr show to 10.5.0.1
