# a namespace dies: what is in another one stays
ip link add h1 type veth peer name p1
ip link add h2 type veth peer name p2
ip netns add n1
ip netns add n2
ip link set h1 netns n1
ip link set h2 netns n2
ip -n n1 link set h1 up
ip link set p1 up
ip netns del n2
await lacks p2 ip link
ip -br link
ip -n n1 -br link
