# options of the peer that make no sense
ip link add va type veth peer name vb mtu 10
ip link add va type veth peer
ip link add va type veth foo bar
ip link add va type veth peer name vb type veth
ip link add va type veth peer name vb index 1
ip -br link | cut -d' ' -f1
