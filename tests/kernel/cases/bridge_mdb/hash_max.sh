# snooping ends where groups are too many
# engine: bridge
# needs: bridge
star 1
ip link set br0 type bridge mcast_hash_max 2
bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent
bridge mdb add dev br0 port p1 grp 239.1.1.2 permanent
bridge mdb add dev br0 port p1 grp 239.1.1.3 permanent
attr br0 mcast_snooping mcast_hash_max
bridge mdb show
