# brctl in a namespace sees that namespace's bridges
# engine: bridge
# needs: bridge
ip netns add n1
ip netns exec n1 brctl addbr br1
brctl addbr br0
ip netns exec n1 ip link add p1 type veth peer name h1
ip netns exec n1 brctl addif br1 p1
ip netns exec n1 brctl addif br1 h1
ip netns exec n1 brctl delif br1 h1
ip netns exec n1 brctl show | cut -f1,4,6
brctl show | cut -f1,4,6
brctl addif br0 p1
ip netns exec n1 brctl delbr br0
ip netns exec n1 ip -br link show master br1 | cut -d@ -f1
ip netns exec n1 brctl delbr br1
ip netns exec n1 ip -br link show type bridge
