# mcast_hash_max is any number, mcast_hash_elasticity means nothing any more
# needs: bridge
ip link add br0 type bridge
ip link set br0 type bridge mcast_hash_max 8
attr br0 mcast_hash_max mcast_hash_elasticity
ip link set br0 type bridge mcast_hash_max 7
attr br0 mcast_hash_max
ip link set br0 type bridge mcast_hash_max 0
attr br0 mcast_hash_max
ip link set br0 type bridge mcast_hash_elasticity 4
attr br0 mcast_hash_elasticity
ip link set br0 type bridge mcast_hash_max 1048576
attr br0 mcast_hash_max
