# a bridge whose host routes takes all groups up
# needs: bridge
star 2 mcast_query_response_interval 1
ip link set br0 type bridge mcast_querier 1
sleep 0.2
mcast h1 udp,239.1.1.1 h2 br0
ip link set br0 type bridge mcast_router 2
mcast h1 udp,239.1.1.1 h2 br0
ip link set br0 type bridge mcast_router 0
mcast h1 udp,239.1.1.1 h2 br0
