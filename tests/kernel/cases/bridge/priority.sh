# the bridge's priority is a part of its id
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge priority 4096
attr br0 priority bridge_id root_id
ip link set br0 type bridge priority 65535
attr br0 priority bridge_id root_id
ip link set br0 type bridge priority 65536
ip link set br0 type bridge priority -1
ip link set br0 type bridge priority 1
attr br0 priority bridge_id
