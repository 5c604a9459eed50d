# bridge vlan add, del and show: single VLANs, ranges, PVID, untagged
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan
bridge vlan add dev p1 vid 10
bridge vlan add dev p1 vid 20-25
bridge vlan add dev p2 vid 30 pvid untagged
bridge vlan add dev br0 vid 10 self
bridge vlan show
bridge -c vlan show
bridge -j vlan show
bridge -j -c vlan show dev p1
bridge vlan del dev p1 vid 21-23
bridge vlan del dev p2 vid 1
bridge vlan del dev br0 vid 1 self
bridge vlan show
bridge vlan show vid 10
bridge vlan show dev p2
bridge vlan del dev p1 vid 1-4094
bridge vlan show dev p1
