# both ends are born elsewhere
ip netns add n1
ip netns add n2
ip link add va netns n1 type veth peer name vb netns n2
ip -br link
ip -n n1 -j link show va
ip -n n2 -j link show vb
