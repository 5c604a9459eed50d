# where sources are told apart only the one that is wanted arrives
# engine: bridge
# needs: bridge
star 3 mcast_igmp_version 3 mcast_query_response_interval 1 mcast_querier 1
await eval '[[ "$(deliver h1:a,239.1.1.9)" == *nobody ]]'
deliver h2:b+239.1.1.1/v3=include,10.0.0.10 h3:c+239.1.1.1/v3=exclude,10.0.0.10
await has 'p3 grp 239.1.1.1' bridge mdb
deliver h1:a,239.1.1.1 h1:d,239.1.1.1
