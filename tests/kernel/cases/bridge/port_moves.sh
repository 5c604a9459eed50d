# a port that leaves its namespace leaves its bridge
# engine: bridge
# needs: bridge
ip netns add n1
ip link add br0 type bridge
ip link add va master br0 type veth peer name vb
ip link set va netns n1
ip -br link show master br0
ip -n n1 -j link show va
bridge link
ip -n n1 link add br0 type bridge
ip -n n1 link set va master br0
ip netns exec n1 bridge link
ip -n n1 link set va netns $$
ip netns exec n1 bridge link
