# a port that dies leaves its bridge, a bridge that dies lets its ports go
# engine: bridge
# needs: bridge
ip link add br0 type bridge
ip link add va master br0 type veth peer name vb
port d0 master br0
ip link del va
ip -br link show master br0 | cut -d@ -f1
ip link del br0
ip -j link show d0
bridge link
