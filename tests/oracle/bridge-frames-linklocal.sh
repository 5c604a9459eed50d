# what is for bridges alone, tagged
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan add dev p1 vid 10
deliver h1:a,01:80:c2:00:00:0e h1:a,01:80:c2:00:00:0e/tag=10 h1:a,01:80:c2:00:00:00/tag=1 h1:a,01:80:c2:00:00:00/tag=99
#: sort
bridge fdb show dynamic
