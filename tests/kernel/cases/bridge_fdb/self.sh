# addresses of the device itself stand beside the bridge's
# engine: bridge
# needs: bridge
star 1 mcast_snooping 0
bridge fdb add 02:00:00:00:00:0a dev p1 self
bridge fdb add 02:00:00:00:00:0a dev p1
bridge fdb add 01:00:5e:01:02:03 dev p1 self
bridge fdb add 02:00:00:00:00:0a dev p1 self master static
bridge fdb add 02:00:00:00:00:0b dev br0 self
bridge fdb add 02:00:00:00:00:0c dev br0
bridge fdb add 02:00:00:00:00:0d dev br0 self local
bridge fdb add 02:00:00:00:00:0e dev br0 self dynamic
#: sort
bridge fdb show br br0
#: sort
bridge fdb show dev br0
bridge fdb del 02:00:00:00:00:0b dev br0 self
bridge fdb del 02:00:00:00:00:0b dev br0 self
bridge fdb del 02:00:00:00:00:0a dev p1 self
#: sort
bridge fdb show
