# without filtering tags mean nothing, whatever is configured
# engine: bridge vlan_filtering
star 2 vlan_default_pvid 1
bridge vlan add dev p1 vid 10 pvid untagged
deliver h1:a,all h1:a,b/tag=77 h2:b,a/tag=10 h2:b,a
#: sort
bridge fdb show dynamic
ip link set br0 type bridge vlan_filtering 1
deliver h1:a,all h1:a,all/tag=77
