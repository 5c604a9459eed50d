# a port of one bridge given to another moves there
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
ip link add br1 address 02:00:00:00:00:02 type bridge
ip link add va type veth peer name vb
ip link set va master br0
ip link set va master br1
ip -br link show master br0 | cut -d@ -f1
ip -br link show master br1 | cut -d@ -f1
attr va master port_no
