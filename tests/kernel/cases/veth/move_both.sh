# both ends move into the same namespace
ip netns add n1
ip link add va type veth peer name vb
ip link set vb netns n1
ip link set va netns n1
ip -br link
ip -n n1 -j link
ip -n n1 -d link show va
