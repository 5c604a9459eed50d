# a querier asks again and again
# needs: bridge
star 1 mcast_querier 1 mcast_startup_query_interval 100 mcast_query_interval 100
mcast hear h1 4 3
