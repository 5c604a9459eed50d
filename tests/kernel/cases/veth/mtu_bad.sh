# an MTU outside the limits is refused with a sentence
ip link add va type veth peer name vb
ip link set va mtu 67
ip link set va mtu 0
ip link set va mtu 65536
ip link set va mtu 100000
ip link set va mtu -1
ip -j link show va
ip link add vc mtu 67 type veth peer name vd
ip link add vc mtu 65536 type veth peer name vd
ip link add vc type veth peer name vd mtu 65536
ip -br link | cut -d' ' -f1
