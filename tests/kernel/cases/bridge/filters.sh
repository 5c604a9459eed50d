# show by master and by kind of port
# engine: bridge
# needs: bridge
ip link add br0 type bridge
ip link add br1 type bridge
ip link add va master br0 type veth peer name vb
port d0 master br1
ip -br link show master br0 | cut -d@ -f1
ip -br link show type bridge_slave | cut -d@ -f1 | cut -d' ' -f1
ip -br link show type bridge | cut -d' ' -f1
ip -br link show nomaster | cut -d@ -f1 | cut -d' ' -f1
ip -br link show type veth master br0 | cut -d@ -f1
ip -br link show master nothing
ip -br link show master va
bridge link show dev d0
bridge link | cut -d@ -f1 | cut -d' ' -f2
