# a port that leaves takes its groups along; one that goes down keeps what is permanent
# needs: bridge
star 2
mcast send h1 igmp2,239.1.1.1
await has 239.1.1.1 bridge mdb
bridge mdb add dev br0 port p1 grp 239.1.1.2 permanent
bridge mdb add dev br0 port p1 grp 239.1.1.3 temp
bridge mdb show
ip link set p1 down
bridge mdb show
ip link set p1 up
ip link set p1 nomaster
bridge mdb show
ip link set br0 down
bridge mdb add dev br0 port p2 grp 239.1.1.4 permanent
