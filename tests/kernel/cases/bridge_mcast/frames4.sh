# where IPv4 groups go: before a querier is known, and with one
# needs: bridge
star 3 mcast_query_response_interval 10
mcast send h2 igmp2,239.1.1.1
await has 'port p2' bridge mdb
mcast h1 udp,239.1.1.1 h2 h3 br0
ip link set br0 type bridge mcast_querier 1
sleep 0.4
mcast h1 udp,239.1.1.1 h2 h3 br0
mcast h1 udp,239.1.1.2 h2 h3 br0
mcast h1 udp,224.0.0.5 h2 h3 br0
mcast h1 igmp2,239.1.1.3 h2 h3 br0
mcast h1 leave,239.1.1.9 h2 h3 br0
mcast h1 igmp3,is_ex/239.1.1.4 h2 h3 br0
mcast h1 igmp-unknown,239.1.1.5 h2 h3 br0
mcast h1 udp,ff15::1 h2 h3 br0
mcast h1 l2,01:02:03:04:05:06 h2 h3 br0
mcast br0 udp,239.1.1.1 h1 h2 h3
mcast br0 udp,239.1.1.2 h1 h2 h3
