# who is a port to a multicast router, by hand and by a query
# engine: bridge
# needs: bridge
star 3
bridge link set dev p1 mcast_router 2
bridge mdb show
bridge -d mdb show
deliver h2:b%igmp/from=10.0.0.9
await has p2 bridge -d mdb
bridge -d mdb show
deliver h3:c~pim
await has p3 bridge -d mdb
bridge -d mdb show
bridge link set dev p2 mcast_router 0
bridge -d mdb show
