# a port's bridge is in the port's namespace
# needs: bridge
ip netns add n1
ip link add br0 type bridge
ip link add va type veth peer name vb netns n1
ip -n n1 link set vb master br0
ip -n n1 link add br0 type bridge
ip -n n1 link set vb master br0
ip link set va master br0
ip -br link show master br0 | cut -d@ -f1
ip -n n1 -br link show master br0 | cut -d@ -f1
