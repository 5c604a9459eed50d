# the snooping's counts and intervals
# engine: bridge
# needs: bridge
ip link add br0 type bridge
ip link set br0 type bridge mcast_last_member_count 3 mcast_startup_query_count 4
attr br0 mcast_last_member_cnt mcast_startup_query_cnt
ip link set br0 type bridge mcast_last_member_interval 200 mcast_membership_interval 1000 mcast_querier_interval 2000
attr br0 mcast_last_member_intvl mcast_membership_intvl mcast_querier_intvl
ip link set br0 type bridge mcast_query_interval 300 mcast_query_response_interval 50 mcast_startup_query_interval 400
attr br0 mcast_query_intvl mcast_query_response_intvl mcast_startup_query_intvl
ip link set br0 type bridge mcast_query_interval 10 mcast_startup_query_interval 10
attr br0 mcast_query_intvl mcast_startup_query_intvl
ip link set br0 type bridge mcast_query_interval 0
attr br0 mcast_query_intvl
ip link set br0 type bridge mcast_last_member_count 0
ip link set br0 type bridge mcast_last_member_count 4294967295
attr br0 mcast_last_member_cnt
