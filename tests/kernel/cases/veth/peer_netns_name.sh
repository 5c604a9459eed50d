# the peer is born in a named namespace
ip netns add n1
ip link add va type veth peer name vb netns n1
ip -j link show va
ip -n n1 -j link show vb
ip -n n1 -d -j link show vb
ip -d link show va
