# the first end is born elsewhere, its peer here
ip netns add n1
ip link add va netns n1 type veth peer name vb
ip -j link
ip -n n1 -j link
