# the state of an end whose peer is down tells the lower layer's, if it is in the same namespace
ip link add va index 20 type veth peer name vb index 30
ip link set va up
await has LOWERLAYERDOWN ip link show va
ip -br link | cut -c1-31
ip netns add n1
ip link set vb netns n1
ip -n n1 link set vb up
await has 'state UP' ip link show va
ip -n n1 link set vb down
await has 'state DOWN' ip link show va
ip link show va
ip -n n1 link show vb
