# without a PVID untagged frames are not let in
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan add dev p1 vid 1 untagged
bridge vlan show dev p1
deliver h1:a,all h1:a,all/tag=1 h2:b,all
bridge vlan del dev p2 vid 1
deliver h1:a,all/tag=1 h2:b,all
