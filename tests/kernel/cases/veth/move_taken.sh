# a move to a namespace where the name is taken is refused
ip netns add n1
ip link add va type veth peer name vb
ip -n n1 link add vb type veth peer name vc
ip link set vb netns n1
ip -j link show vb
ip link add vx type veth peer name vb netns n1
ip -br link | cut -d' ' -f1
ip -n n1 -br link | cut -d' ' -f1
