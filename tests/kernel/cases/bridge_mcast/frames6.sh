# where IPv6 groups go with a querier
# needs: bridge
star 3 mcast_query_response_interval 10
mcast send h2 mld1,ff15::1
await has 'port p2' bridge mdb
mcast h1 udp,ff15::1 h2 h3 br0
mcast send h3 mquery,::,code=100
await has 'router' bridge mdb
sleep 0.4
mcast h1 udp,ff15::1 h2 h3 br0
mcast h1 udp,ff15::2 h2 h3 br0
mcast h1 udp,ff02::1 h2 h3 br0
mcast h1 udp,ff02::2 h2 h3 br0
mcast h1 icmp6,ff02::1:ff00:1 h2 h3 br0
mcast h1 mld1,ff15::3 h2 h3 br0
mcast h1 done,ff15::9 h2 h3 br0
mcast h1 mld2,is_ex/ff15::4 h2 h3 br0
mcast h1 udp,239.1.1.1 h2 h3 br0
