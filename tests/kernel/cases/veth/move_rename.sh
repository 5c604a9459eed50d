# a move and a rename in one request
ip netns add n1
ip link add va type veth peer name vb
ip link set vb netns n1 name eth0
ip -n n1 -j link
ip link set va name eth0 netns n1
ip link set va netns n1 name eth1 mtu 1300 up
ip -n n1 -j link show eth1
ip -br link
