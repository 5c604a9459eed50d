# a tap moves by name and by process, and dies with its namespace
ip netns add n1
ip tuntap add t1 mode tap
ip link set t1 netns n1
ip -br link
ip -n n1 -j link
ip -n n1 -d -j link show t1
ip -n n1 link set t1 name tt netns $$
ip tuntap
ip link set tt netns n1
ip netns del n1
ip tuntap
ip tuntap add tt mode tap
ip tuntap
