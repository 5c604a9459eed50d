# a port with fastleave forgets at an MLD done message
# needs: bridge
star 2
mcast send h1 mld1,ff15::1
mcast send h2 mld1,ff15::1
await has 'port p1' bridge mdb
await has 'port p2' bridge mdb
bridge link set dev p1 fastleave on
mcast send h1 done,ff15::1
await lacks 'port p1' bridge mdb
bridge -d mdb show
