# the bridge asks for groups, and what its queries look like
# engine: bridge
# needs: bridge
star 2 mcast_query_response_interval 100 mcast_startup_query_interval 20
ip link set br0 type bridge mcast_querier 1
deliver -on h1 -hear igmp,mld -first 1
ip link set br0 type bridge mcast_querier 0 mcast_igmp_version 3
ip link set br0 type bridge mcast_querier 1
deliver -on h2 -hear igmp -first 1
