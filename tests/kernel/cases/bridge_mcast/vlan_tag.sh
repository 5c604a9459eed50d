# IGMP behind a VLAN tag is seen, without filtering
# needs: bridge
star 2 mcast_query_response_interval 1
mcast send h2 igmp2,239.1.1.1,vlan=7
await has 239.1.1.1 bridge mdb
bridge mdb show
ip link set br0 type bridge mcast_querier 1
sleep 0.2
mcast h1 udp,239.1.1.1,vlan=9 h2
mcast h1 udp,239.1.1.2,vlan=7 h2
