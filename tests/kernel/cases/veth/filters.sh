# show filters by type, state, master and group
ip link add va type veth peer name vb
ip tuntap add t0 mode tap
ip link set va up
ip -br link show type veth | cut -d' ' -f1
ip -br link show type tun | cut -d' ' -f1
ip -br link show up | cut -d' ' -f1
ip link show master va
ip link show nomaster | grep -c mtu
ip link show type bridge
ip -j link show type veth
ip addr show type veth | grep -c mtu
