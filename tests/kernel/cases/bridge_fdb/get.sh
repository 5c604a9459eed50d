# one station is asked for
# engine: bridge
# needs: bridge
star 2
bridge fdb add 02:00:00:00:00:0a dev p1 master static
bridge fdb get 02:00:00:00:00:0a br br0
bridge -j fdb get 02:00:00:00:00:0a br br0
bridge fdb get 02:00:00:00:00:0a dev p1 master
bridge fdb get 02:00:00:00:00:0a brport p1
bridge fdb get 02:00:00:00:00:0b br br0
bridge fdb get 02:00:00:00:00:0a dev p2 master
bridge fdb get 02:00:00:00:00:0a br p1
bridge fdb get 02:00:00:00:00:0a br nothing
bridge fdb get 02:00:00:00:00:0a dev h1
bridge fdb get 02:00:00:00:00:0a br br0 vlan 5
bridge fdb get 02:00:00:00:01:01 br br0
deliver h2:b,a
bridge fdb get 02:00:00:00:00:0b br br0
bridge fdb get 02:00:00:00:00:0b br br0 dynamic
