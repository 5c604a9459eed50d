# a port that leaves forgets its VLANs
# engine: bridge vlan_filtering
ip link add br0 type bridge vlan_filtering 1
port va master br0
bridge vlan add dev va vid 10
bridge vlan
ip link set va nomaster
bridge vlan
ip link set va master br0
bridge vlan
