# vlan_default_pvid of the bridge and of ports that come
# engine: bridge vlan_filtering
ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 100
port va master br0
bridge vlan
ip link set br0 type bridge vlan_default_pvid 200
bridge vlan
ip link set br0 type bridge vlan_filtering 0
ip link set br0 type bridge vlan_default_pvid 300
bridge vlan
ip link set br0 type bridge vlan_default_pvid 0
bridge vlan
port vb master br0
bridge vlan
ip link set br0 type bridge vlan_default_pvid 4095
ip link set br0 type bridge vlan_default_pvid 5000
attr br0 vlan_default_pvid
