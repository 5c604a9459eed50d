# a group's frame is sent to each member by its own address
# engine: bridge
# needs: bridge
# differs: h2.h2.h3 when mcast_to_unicast is switched off Linux goes on sending a frame for each station, now all alike
star 3 mcast_query_response_interval 1
bridge link set dev p2 mcast_to_unicast on
deliver h2:b+239.1.1.1 h2:e+239.1.1.1 h3:c+239.1.1.1
await has p3 bridge mdb
ip link set br0 type bridge mcast_querier 1
await eval '[[ "$(deliver h1:a,239.1.1.1)" == *"h2(to"* ]]'
deliver h1:a,239.1.1.1 h1:a,239.1.1.9
bridge link set dev p2 mcast_to_unicast off
deliver h1:a,239.1.1.1
