# a group by hand is as good as one that was asked for
# engine: bridge
# needs: bridge
star 4 mcast_query_response_interval 1 mcast_querier 1
await eval '[[ "$(deliver h1:a,239.1.1.9)" == *nobody ]]'
bridge mdb add dev br0 port p2 grp 239.1.1.1 permanent
bridge mdb add dev br0 port p3 grp 01:00:5e:09:09:09 permanent
bridge mdb add dev br0 port br0 grp 239.1.1.2
deliver h1:a,239.1.1.1 h1:a,01:00:5e:09:09:09 h1:a,239.1.1.2 h1:a,239.1.1.3
bridge mdb del dev br0 port p2 grp 239.1.1.1
deliver h1:a,239.1.1.1
