# an end moves into a namespace and back
ip netns add n1
ip link add va type veth peer name vb
ip link set vb netns n1
ip -n n1 link set vb netns $$
ip -j link
ip -n n1 -j link
ip -j link show type veth
