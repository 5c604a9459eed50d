# either end deletes the pair: the second, by its type
ip link add va type veth peer name vb
ip link del vb type veth
ip -br link | cut -d' ' -f1
ip link add va type veth peer name vb
ip link del dev va type dummy
ip -br link | cut -d' ' -f1
