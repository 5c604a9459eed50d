# the state of an end whose peer is down tells the lower layer's, as it was when the carrier was lost
ip link add va type veth peer name vb
ip link set va up
await has LOWERLAYERDOWN ip link show va
ip -br link | cut -c1-31
ip netns add n1
ip link set vb netns n1
ip link set va down
ip link set va up
ip link show va
ip -n n1 link show vb
