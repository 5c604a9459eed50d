# an end moves into a namespace, loses its addresses and is down there
ip netns add n1
ip link add va type veth peer name vb
ip link set vb up
ip addr add 10.1.1.1/24 dev vb
ip link set vb netns n1
ip link show vb
ip -n n1 -j link show vb
ip -n n1 -4 -j addr show vb
ip -j link show va
