# an address that was set stays
# needs: bridge
ip link add br0 type bridge
ip link set br0 address 02:00:00:00:00:55
port d1 address 02:00:00:00:00:11 master br0
attr br0 address bridge_id
ip link set br0 address 02:00:00:00:00:11
ip link del d1
attr br0 address bridge_id
ip link add br1 address 02:00:00:00:00:99 type bridge
port d2 address 02:00:00:00:00:22 master br1
attr br1 address bridge_id
ip link set br0 address 01:00:00:00:00:01
ip link set br0 address 00:00:00:00:00:00
attr br0 address
