# stations by hand: static, local, dynamic
# engine: bridge
# needs: bridge
star 2
bridge fdb add 02:00:00:00:00:0a dev p1 master
bridge fdb add 02:00:00:00:00:0b dev p1 master static
bridge fdb add 02:00:00:00:00:0c dev p2 master local
bridge fdb add 02:00:00:00:00:0d dev p2 master dynamic
bridge fdb add 02:00:00:00:00:0e dev p2 master permanent
bridge fdb add 02:00:00:00:00:0f dev p2 master sticky
bridge fdb add 02:00:00:00:00:10 dev p2 master static sticky
bridge fdb add 02:00:00:00:00:11 dev p2 master extern_learn
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
#: sort
bridge fdb show dynamic
#: sort
bridge fdb show brport p2
bridge -j fdb show brport p1 | jq -c 'sort_by(.mac)'
#: sort
bridge -d fdb show dev p2
