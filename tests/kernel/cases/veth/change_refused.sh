# what a veth cannot be asked
ip link add va type veth peer name vb
ip link set va type veth peer name vc
ip link set va type dummy
ip link set va master vb
ip link set va master nothing
ip link set va nomaster
ip link set va vf 0 mac 02:00:00:00:00:01
ip link set va xdp off
ip link set va carrier off
ip link set va protodown on
ip link set va link-netnsid 3
ip -j link show va
