# where a querier is, groups go where they are asked for
# engine: bridge
# needs: bridge
star 4 mcast_query_response_interval 1
deliver h2:b+239.1.1.1 h3:c+ff15::1
await has ff15 bridge mdb
deliver h1:a,239.1.1.1 h1:a,239.1.1.9
ip link set br0 type bridge mcast_querier 1
await eval '[[ "$(deliver h1:a,239.1.1.9)" == *nobody ]]'
deliver h1:a,239.1.1.1 h2:b,239.1.1.1 h1:a,ff15::1 h1:a,ff15::9 h1:a,224.0.0.5 h1:a,ff02::1 h1:a,01:00:5e:01:01:01 h1:a,all h1:a,b br0:q,239.1.1.1
ip link set br0 type bridge mcast_snooping 0
deliver h1:a,239.1.1.1 h1:a,239.1.1.9
