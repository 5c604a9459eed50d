# the same station in two VLANs
# engine: bridge vlan_filtering
star 3 vlan_filtering 1
for p in p1 p2 p3; do bridge vlan add dev $p vid 10; bridge vlan add dev $p vid 20; done
deliver h1:a,all/tag=10 h2:a,all/tag=20 h3:c,a/tag=10 h3:c,a/tag=20 h3:c,a
#: sort
bridge fdb show dynamic
