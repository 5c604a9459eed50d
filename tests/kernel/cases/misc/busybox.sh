# a statically linked program does the same
busybox ip link add va type veth peer name vb
ip link add va type veth peer name vb
busybox ip link
busybox ip link set va up
await has NO-CARRIER ip link show va
busybox ip addr add 10.0.0.1/24 dev va
busybox ip -4 addr show va
busybox ip route
busybox ip link set nothing up
busybox ifconfig va | head -1 | cut -c1-20
