# the largest MTUs of a veth
ip link add va type veth peer name vb
ip link set va mtu 65535
ip link set va mtu 65522
ip -j link show va
ip link add vc mtu 65535 type veth peer name vd
ip -br link | cut -d' ' -f1
ip link add ve type veth peer name vf
ip link set ve up
ip -j link show ve
