# ports come and go
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
ip link add va address 02:00:00:00:00:0a type veth peer name vb address 02:00:00:00:00:0b
ip link set va master br0
ip -j link show va
ip link show va
ip link show master br0
bridge link
ip link set va master br0
ip link set vb master br0
bridge link
ip link set va nomaster
bridge link
ip -j link show va
ip link set va nomaster
ip link set vb nomaster
bridge link
