# the state of an end whose peer is down is that of when the carrier was lost, also after a move
ip link add va type veth peer name vb
ip link set va up
await has LOWERLAYERDOWN ip link show va
ip netns add n1
ip link set vb netns n1
ip link set va down
ip link set va up
ip link show va
ip -n n1 link show vb
