# a move to where nothing is
ip link add va type veth peer name vb
ip link set va netns nowhere
ip link set va netns 4194304
ip link set va netns -5
ip link add vc type veth peer name vd netns nowhere
ip link add vc type veth peer name vd netns 4194304
ip -br link | cut -d' ' -f1
