# priority-tagged frames are of the PVID and keep their priority
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan add dev p1 vid 10 pvid untagged
bridge vlan add dev p2 vid 10
deliver h1:a,all/tag=0p5 h1:a,all h2:b,all/tag=10p3 h2:b,all/tag=0p3
