# a default PVID that was changed by hand is left alone
# engine: bridge vlan_filtering
ip link add br0 type bridge vlan_default_pvid 100
port va master br0
bridge vlan add dev va vid 7 pvid
bridge vlan
ip link set br0 type bridge vlan_default_pvid 200
bridge vlan
bridge vlan add dev va vid 300
ip link set br0 type bridge vlan_default_pvid 300
bridge vlan
