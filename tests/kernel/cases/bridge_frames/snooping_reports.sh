# reports go to routers only where one is known
# engine: bridge
# needs: bridge
star 4 mcast_query_response_interval 1 mcast_querier 1
await eval '[[ "$(deliver h1:a,239.1.1.9)" == *nobody ]]'
deliver h1:a+239.1.1.1
bridge link set dev p4 mcast_router 2
deliver h1:a+239.1.1.1 h1:a-239.1.1.1 h1:a+239.1.1.1/v3=exclude h1:a+ff15::1 h1:a,239.1.1.7 h4:d,239.1.1.7
