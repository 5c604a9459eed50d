# a querier that is silent is forgotten, and its port is no router's any more
# needs: bridge
star 3 mcast_querier_interval 100
mcast send h3 query,0.0.0.0,src=10.0.0.3,code=1
await has p3 bridge mdb
sleep 0.3
mcast h1 udp,239.1.1.1 h2 h3 br0
await lacks p3 bridge mdb
mcast h1 udp,239.1.1.1 h2 h3 br0
bridge mdb show
