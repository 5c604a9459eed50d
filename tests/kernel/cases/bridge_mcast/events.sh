# what is told of groups that come and go
# needs: bridge
star 2 mcast_igmp_version 3
stdbuf -oL bridge -d monitor mdb >log &
stir log 'bridge mdb add dev br0 port p1 grp 239.9.9.9; bridge mdb del dev br0 port p1 grp 239.9.9.9'
await has Deleted cat log
mcast send h1 igmp3,is_in/239.1.1.1/10.0.0.1
await has 'grp 239.1.1.1 src' cat log
mcast send h2 igmp3,is_ex/239.1.1.1/10.0.0.1
await has 'port p2 grp 239.1.1.1' cat log
bridge mdb del dev br0 port p1 grp 239.1.1.1
mcast send h2 query,0.0.0.0,src=10.0.0.2
await has 'router' cat log
bridge link set dev p2 mcast_router 0
bridge mdb add dev br0 port br0 grp 239.1.1.5
bridge mdb del dev br0 port br0 grp 239.1.1.5
await has 'Deleted dev br0 port br0' cat log
#: set
grep -v 239.9.9.9 log
