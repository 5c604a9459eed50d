# cost and priority of a port
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
port va master br0
bridge link set dev va cost 100
attr va cost
bridge link set dev va cost 65535
attr va cost
bridge link set dev va cost 65536
bridge link set dev va cost 0
bridge link set dev va cost -1
attr va cost
bridge link set dev va priority 63
attr va priority port_id
bridge link set dev va priority 64
bridge link set dev va priority 0
attr va priority port_id designated_port
ip link set va type bridge_slave cost 7 priority 9
attr va cost priority
