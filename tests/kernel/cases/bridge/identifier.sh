# a bridge's identifier has no address in it until there is a port, or a user has chosen one
# needs: bridge
ip link add br0 type bridge
attr br0 bridge_id root_id
ip link set br0 up
ip link set br0 type bridge priority 5
attr br0 bridge_id root_id
ip link add va address 02:00:00:00:00:0a master br0 type veth peer name vb
attr br0 bridge_id root_id
ip link set va nomaster
attr br0 bridge_id root_id
ip link add br1 type bridge
ip link set br1 address 02:00:00:00:00:0b
attr br1 bridge_id root_id
ip link add br2 address 02:00:00:00:00:0c type bridge
attr br2 bridge_id root_id
