# mcast_router of a port is 0 to 3
# engine: bridge
# needs: bridge
ip link add br0 type bridge
port va master br0
bridge link set dev va mcast_router 2
attr va multicast_router mcast_router
bridge link set dev va mcast_router 3
bridge -d -j link show dev va
bridge link set dev va mcast_router 4
bridge link set dev va mcast_router 0
bridge -d link show dev va
bridge link set dev va mcast_router 1
bridge -d link show dev va
