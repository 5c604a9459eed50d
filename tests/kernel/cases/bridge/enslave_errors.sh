# what is no port, and what is no master
# needs: bridge
ip link add br0 type bridge
ip link add br1 type bridge
ip link add va type veth peer name vb
ip link set lo master br0
ip link set br1 master br0
ip link set br0 master br0
ip link set va master vb
ip link set va master va
ip link set va master nothing
ip link set nothing master br0
ip link set va master lo
ip tuntap add t0 mode tun
ip link set t0 master br0
ip -br link show master br0
