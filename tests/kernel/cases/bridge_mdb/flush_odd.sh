# bridge mdb flush: what is refused, and of which devices
# engine: bridge
# needs: bridge
star 1
mdbflush br0 odd
bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent
ip link set br0 type bridge mcast_snooping 0
mdbflush br0
bridge mdb show
ip link set br0 type bridge mcast_snooping 1
bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent
ip link set br0 down
mdbflush br0
bridge mdb show
mdbflush p1
mdbflush lo
