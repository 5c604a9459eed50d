# an end in a namespace is deleted from there
ip netns add n1
ip link add va type veth peer name vb netns n1
ip -n n1 link del vb
ip -br link
ip link add va type veth peer name vb netns n1
ip link del va
ip -n n1 -br link
