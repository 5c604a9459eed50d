# a silent member is forgotten after the membership interval
# needs: bridge
star 2 mcast_membership_interval 100
mcast send h1 igmp2,239.1.1.1
await has 239.1.1.1 bridge mdb
await lacks 239.1.1.1 bridge mdb
bridge mdb show
mcast send br0 igmp2,239.1.1.2
await has 'port br0' bridge mdb
await lacks 239.1.1.2 bridge mdb
bridge mdb show
