# a leave ends a group at once where the port says so
# engine: bridge
# needs: bridge
star 2
bridge link set dev p1 fastleave on
deliver h1:a+239.1.1.1 h2:b+239.1.1.1
await has p2 bridge mdb
deliver h1:a-239.1.1.1
await lacks p1 bridge mdb
bridge mdb show
