# the MTU is given for either end and changed
ip link add va mtu 1400 type veth peer name vb mtu 1300
ip -j link show type veth
ip link set va mtu 9000
ip link set vb mtu 65521
ip -j link show type veth
ip link set va mtu 68
ip -j link show va
