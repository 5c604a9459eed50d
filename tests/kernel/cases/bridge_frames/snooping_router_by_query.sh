# the port of another querier is given all groups
# engine: bridge
# needs: bridge
star 3 mcast_query_response_interval 1
deliver h3:c%igmp/from=10.0.0.1/resp=1
await has p3 bridge -d mdb
await eval '[[ "$(deliver h1:a,239.1.1.9)" == *": h3" ]]'
deliver h1:a,239.1.1.9 h1:a+239.1.1.1 h2:b,239.1.1.1 h1:a,224.0.0.9
