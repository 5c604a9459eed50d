# a move to where the index is taken gets a new one
ip netns add n1
ip -n n1 link add vx index 70 type veth peer name vy
ip link add va index 70 type veth peer name vb
ip link set va netns n1
ip -n n1 -j link
