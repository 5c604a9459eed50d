# moving through several namespaces keeps index where it can
ip netns add n1
ip netns add n2
ip link add va type veth peer name vb
ip link set vb netns n1
ip -n n1 link set vb netns n2
ip -n n2 -j link show vb
ip -j link show va
ip -n n1 -br link
ip -n n1 netns list-id
