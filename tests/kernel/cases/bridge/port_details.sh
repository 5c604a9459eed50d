# all that is said of a port
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
ip link add va address 02:00:00:00:00:0a type veth peer name vb address 02:00:00:00:00:0b
ip link set va master br0
ip -d -j link show va
ip -d link show va
bridge -d link
bridge -d -j link
bridge -j link
ip link set br0 up
ip link set va up
ip link set vb up
await has 'state forwarding' bridge link show dev va
bridge -d -j link show dev va
bridge link show dev vb
bridge link show dev nothing
