# a bridge does not leave its namespace
# needs: bridge
ip netns add n1
ip link add br0 type bridge
ip link set br0 netns n1
ip link add va master br0 type veth peer name vb
ip link set br0 netns n1
ip -br link | cut -d@ -f1 | cut -d' ' -f1
ip -n n1 -br link | cut -d' ' -f1
ip link add br1 netns n1 type bridge
ip -n n1 -br link | cut -d' ' -f1
ip link set br0 netns 99999999
