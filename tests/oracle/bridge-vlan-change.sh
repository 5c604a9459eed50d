# adding a VLAN again changes it
# engine: bridge vlan_filtering
star 1 vlan_filtering 1
bridge vlan add dev p1 vid 10 pvid untagged
bridge vlan show dev p1
bridge vlan add dev p1 vid 10 untagged
bridge vlan show dev p1
bridge vlan add dev p1 vid 10
bridge vlan show dev p1
bridge vlan add dev p1 vid 10
bridge vlan add dev p1 vid 11 pvid
bridge vlan show dev p1
bridge vlan del dev p1 vid 11
bridge vlan show dev p1
