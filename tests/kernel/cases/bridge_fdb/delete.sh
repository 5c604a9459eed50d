# stations are deleted one by one
# differs: master.vlan.7 where VLAN filtering is built in, the port must be in the VLAN
# engine: bridge
# needs: bridge
star 2 mcast_snooping 0
bridge fdb add 02:00:00:00:00:0a dev p1 master static
bridge fdb del 02:00:00:00:00:0a dev p2 master
bridge fdb del 02:00:00:00:00:0a dev p1 master
bridge fdb del 02:00:00:00:00:0a dev p1 master
bridge fdb add 02:00:00:00:00:0a dev p1 master static
bridge fdb del 02:00:00:00:00:0a dev p1 master vlan 7
bridge fdb del 02:00:00:00:00:0a dev p1 self
bridge fdb del 02:00:00:00:00:0a dev p1
bridge fdb del 02:00:00:00:01:01 dev p1 master
bridge fdb del 02:00:00:00:01:01 dev p1 master local
#: sort
bridge fdb show br br0
