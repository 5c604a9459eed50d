# double-tagged frames in a customer bridge
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan add dev p1 vid 10
bridge vlan add dev p2 vid 10
deliver h1:a,all/tag=10/tag=20 h1:a,all/tag=10/ad=20 h1:a,all/ad=10 h1:a,all/ad=10/tag=10
