# the largest segment of a bridge is that of its ports, and of what stands on a tap the tap's
# needs: bridge macvlan
ip netns add n1
ip link add br0 type bridge
attr br0 tso_max_size
ip link add va master br0 type veth peer name vb
attr br0 tso_max_size
ip tuntap add tap0 mode tap
ip link set tap0 master br0
attr br0 tso_max_size
ip link del tap0
attr br0 tso_max_size
ip link set va nomaster
attr br0 tso_max_size
ip -n n1 tuntap add tap1 mode tap
ip -n n1 link add link tap1 name mv0 type macvlan
ip -n n1 -j -d link show mv0
