# a leave is answered with a query for that group
# engine: bridge
# needs: bridge
star 2 mcast_query_response_interval 1 mcast_querier 1
await eval '[[ "$(deliver h1:a,239.1.1.9)" == *nobody ]]'
deliver h1:a+239.1.1.1
await has 239.1.1.1 bridge mdb
deliver -on h1 -hear igmp h1:a-239.1.1.1 -first 1
