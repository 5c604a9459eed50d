# tagged frames pass where their VLAN is allowed
# engine: bridge vlan_filtering
star 3 vlan_filtering 1
bridge vlan add dev p1 vid 10-12
bridge vlan add dev p2 vid 10
bridge vlan add dev p3 vid 11 untagged
bridge vlan add dev p3 vid 12
deliver h1:a,all/tag=10 h1:a,all/tag=11 h1:a,all/tag=12p6 h1:a,all/tag=13 h1:a,all h3:c,a/tag=11 h3:c,a/tag=12 h2:b,a/tag=10 h2:b,a/tag=11
#: sort
bridge fdb show dynamic
