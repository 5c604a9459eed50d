# snooping, querier and statistics are switched
# needs: bridge
ip link add br0 type bridge mcast_snooping 0
attr br0 mcast_snooping mcast_querier mcast_query_use_ifaddr mcast_stats_enabled
ip link set br0 type bridge mcast_querier 1 mcast_query_use_ifaddr 1 mcast_stats_enabled 1
attr br0 mcast_snooping mcast_querier mcast_query_use_ifaddr mcast_stats_enabled
ip link set br0 type bridge mcast_snooping 1
ip link set br0 type bridge mcast_snooping 7
attr br0 mcast_snooping
ip link set br0 type bridge mcast_querier 0
attr br0 mcast_querier
ip link set br0 type bridge mcast_snooping 256
