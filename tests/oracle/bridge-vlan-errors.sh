# bridge vlan: what is refused
# engine: bridge vlan_filtering
star 1 vlan_filtering 1
port vx
bridge vlan add dev p1 vid 0
bridge vlan add dev p1 vid 4095
bridge vlan add dev p1 vid 4096
bridge vlan add dev p1 vid 10-5
bridge vlan add dev p1 vid 10-4095
bridge vlan add dev p1 vid x
bridge vlan add dev p1
bridge vlan add vid 5
bridge vlan add dev nothing vid 5
bridge vlan add dev vx vid 5
bridge vlan add dev vx vid 5 self
bridge vlan add dev br0 vid 5
bridge vlan add dev p1 vid 5 self
bridge vlan add dev p1 vid 5-7 pvid
bridge vlan add dev p1 vid 5 nonsense
bridge vlan del dev p1 vid 77
bridge vlan del dev p1 vid 70-77
bridge vlan del dev vx vid 5
bridge vlan show dev nothing
bridge vlan show dev vx
bridge vlan nonsense
bridge vlan
