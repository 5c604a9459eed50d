# a device cannot be put where one has no rights
ip link add va type veth peer name vb
ip link set va netns 1
ip link add vc type veth peer name vd netns 1
ip -br link | cut -d' ' -f1
