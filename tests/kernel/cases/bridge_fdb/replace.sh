# replace makes, moves and changes a station
# engine: bridge
# needs: bridge
star 2
bridge fdb replace 02:00:00:00:00:0a dev p1 master static
#: sort
bridge fdb show brport p1
bridge fdb replace 02:00:00:00:00:0a dev p2 master static
#: sort
bridge fdb show br br0 | grep 00:00:0a
bridge fdb replace 02:00:00:00:00:0a dev p2 master dynamic
bridge fdb show br br0 | grep 00:00:0a
bridge fdb replace 02:00:00:00:00:0a dev p2 master local
bridge fdb show br br0 | grep 00:00:0a
bridge fdb replace 02:00:00:00:00:0a dev p2 master static sticky
bridge fdb show br br0 | grep 00:00:0a
bridge fdb append 02:00:00:00:00:0a dev p1 master static
bridge fdb show br br0 | grep 00:00:0a
bridge fdb append 02:00:00:00:00:1a dev p1 master static
bridge fdb show br br0 | grep 00:00:1a
