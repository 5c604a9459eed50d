# groups by hand in a VLAN
# engine: bridge vlan_filtering
star 3 vlan_filtering 1 mcast_query_response_interval 1 mcast_querier 1
for p in p1 p2 p3; do bridge vlan add dev $p vid 10; done
await eval '[[ "$(deliver h1:a,239.1.1.9)" == *nobody ]]'
bridge mdb add dev br0 port p2 grp 239.1.1.1 permanent vid 10
bridge mdb add dev br0 port p3 grp 239.1.1.1 permanent vid 1
bridge mdb show
deliver h1:a,239.1.1.1/tag=10 h1:a,239.1.1.1
bridge mdb del dev br0 port p2 grp 239.1.1.1 vid 10
bridge mdb del dev br0 port p3 grp 239.1.1.1 vid 99
bridge mdb show
