# the queries of a querier, byte for byte: IGMPv2 and v3
# needs: bridge
star 1
mcast hear h1 3 1 >v2 &
sleep 0.3
ip link set br0 type bridge mcast_querier 1
wait $!
cat v2
ip link set br0 type bridge mcast_querier 0 mcast_igmp_version 3 mcast_query_interval 6000 mcast_query_response_interval 500
mcast hear h1 3 1 >v3 &
sleep 0.3
ip link set br0 type bridge mcast_querier 1
wait $!
cat v3
