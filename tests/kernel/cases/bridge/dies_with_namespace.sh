# the bridge goes with its namespace, and its ports with it
# needs: bridge
ip netns add n1
ip -n n1 link add br0 type bridge
ip link add va type veth peer name vb netns n1
ip -n n1 link set vb master br0
ip netns del n1
await lacks va ip link
ip -br link | cut -d' ' -f1
