# a query from 0.0.0.0 makes a router port, too
# needs: bridge
star 2
mcast send h1 query,0.0.0.0,src=0.0.0.0,code=10
await has p1 bridge mdb
bridge -d mdb show
