# port flags hold in VLANs too
# engine: bridge vlan_filtering
star 3 vlan_filtering 1
for p in p1 p2 p3; do bridge vlan add dev $p vid 10; done
bridge link set dev p1 isolated on
bridge link set dev p2 isolated on
deliver h1:a,all/tag=10 h2:b,a/tag=10
bridge link set dev p1 hairpin on
deliver h1:b,all/tag=10 h3:c,d/tag=10
bridge link set dev p2 flood off
deliver h3:c,d/tag=10
