# untagged frames are of the port's PVID
# engine: bridge vlan_filtering
star 3 vlan_filtering 1
bridge vlan add dev p1 vid 10 pvid untagged
bridge vlan add dev p2 vid 10
bridge vlan add dev p3 vid 20 pvid untagged
deliver h1:a,all h2:b,all h2:b,all/tag=10 h3:c,all h2:b,a/tag=10 h1:a,b h1:a,all/tag=10
bridge vlan del dev p1 vid 10
deliver h1:a,all h1:a,all/tag=1
