# both ends have the same name in two namespaces
ip netns add n1
ip link add eth0 type veth peer name eth0 netns n1
ip -j link show eth0
ip -n n1 -j link show eth0
