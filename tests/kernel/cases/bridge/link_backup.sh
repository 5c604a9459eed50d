# a backup port is a port of the same bridge
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
ip link add br1 type bridge
port va master br0
port vb master br0
port vc master br1
port vd
bridge link set dev va backup_port vb
bridge -d link show dev va
attr va backup_port
bridge link set dev va backup_port va
bridge link set dev va backup_port vc
bridge link set dev va backup_port vd
bridge link set dev va backup_port nothing
ip link set vb nomaster
attr va backup_port
bridge link set dev va nobackup_port
ip link set vb master br0
ip link set va type bridge_slave backup_port vb
attr va backup_port
ip link set va type bridge_slave nobackup_port
attr va backup_port
