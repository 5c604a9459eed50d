# the ports' and the bridge's own addresses are permanent
# engine: bridge
# needs: bridge
star 2 mcast_snooping 0
#: sort
bridge fdb show br br0
ip link set p1 address 02:00:00:00:00:aa
#: sort
bridge fdb show br br0
ip link set br0 address 02:00:00:00:00:bb
#: sort
bridge fdb show br br0
ip link set p2 nomaster
#: sort
bridge fdb show br br0
bridge fdb show dev p2
