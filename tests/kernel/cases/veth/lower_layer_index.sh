# the other end's index may be somebody else's here, whose carrier then counts
ip netns add n1
ip link add va type veth peer name vb netns n1
ip link add vc type veth peer name vd
ip link add ve index 20 type veth peer name vf index 3 netns n1
ip link add vg index 22 type veth peer name vh index 22 netns n1
ip link set va up
ip link set ve up
ip link set vg up
await has 'state LOWERLAYERDOWN' ip link show ve
ip -j link
