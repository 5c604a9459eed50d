# either end deletes the pair: the first
ip link add va type veth peer name vb
ip link del va
ip -br link | cut -d' ' -f1
