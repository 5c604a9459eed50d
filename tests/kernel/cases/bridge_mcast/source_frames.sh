# frames of wanted and unwanted sources
# needs: bridge
star 3 mcast_igmp_version 3 mcast_query_response_interval 1
ip link set br0 type bridge mcast_querier 1
sleep 0.1
mcast send h2 igmp3,is_in/239.1.1.1/10.0.0.1
mcast send h3 igmp3,is_ex/239.1.1.1/10.0.0.2
await has 'src 10.0.0.2' bridge -d mdb
mcast h1 udp,239.1.1.1,src=10.0.0.1 h2 h3 br0
mcast h1 udp,239.1.1.1,src=10.0.0.2 h2 h3 br0
mcast h1 udp,239.1.1.1,src=10.0.0.3 h2 h3 br0
mcast h1 udp,239.1.1.2,src=10.0.0.1 h2 h3 br0
