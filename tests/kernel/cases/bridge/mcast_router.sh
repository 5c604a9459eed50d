# mcast_router of a bridge is 0, 1 or 2
# needs: bridge
ip link add br0 type bridge
ip link set br0 type bridge mcast_router 0
attr br0 mcast_router
ip link set br0 type bridge mcast_router 2
attr br0 mcast_router
ip link set br0 type bridge mcast_router 3
ip link set br0 type bridge mcast_router 4
ip link set br0 type bridge mcast_router 1
attr br0 mcast_router
