# PIM hellos and router advertisements make router ports
# needs: bridge
star 4
mcast send h1 pim
await has p1 bridge mdb
mcast send h2 mrd
await has p2 bridge mdb
mcast send h3 mrd6
await has p3 bridge mdb
mcast send h4 mquery,::,code=1000
await has p4 bridge mdb
bridge -d mdb show
bridge link set dev p1 mcast_router 0
bridge mdb show
mcast send h1 pim
bridge link set dev p2 mcast_router 2
bridge mdb show
