# groups by hand need snooping, and a port that is up
# engine: bridge
# needs: bridge
star 1
ip link set br0 type bridge mcast_snooping 0
bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent
ip link set br0 type bridge mcast_snooping 1
ip link set p1 down
bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent
bridge mdb add dev br0 port p1 grp 239.1.1.2 temp
ip link set p1 up
await has forwarding bridge link show dev p1
bridge mdb show
ip link set br0 down
bridge mdb add dev br0 port p1 grp 239.1.1.3 permanent
bridge mdb show
