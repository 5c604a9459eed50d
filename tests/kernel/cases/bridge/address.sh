# the bridge has the lowest address of its ports
# engine: bridge
# needs: bridge
ip link add br0 type bridge
port d3 address 02:00:00:00:00:33 master br0
attr br0 address bridge_id
port d1 address 02:00:00:00:00:11 master br0
attr br0 address bridge_id root_id
port d2 address 02:00:00:00:00:22 master br0
attr br0 address
ip link del d1
attr br0 address bridge_id
ip link set d3 address 02:00:00:00:00:01
attr br0 address bridge_id
ip link set d3 nomaster
attr br0 address
ip link set d2 nomaster
attr br0 address bridge_id root_id
