# stations by hand: what is refused
# engine: bridge
# needs: bridge
star 1
port vx
bridge fdb add 02:00:00:00:00:0a dev p1 master
bridge fdb add 02:00:00:00:00:0a dev p1 master
bridge fdb add 02:00:00:00:00:0a dev p1 master static
bridge fdb add 01:00:5e:00:00:01 dev p1 master
bridge fdb add 00:00:00:00:00:00 dev p1 master
bridge fdb add ff:ff:ff:ff:ff:ff dev p1 master
bridge fdb add 02:00:00:00:00 dev p1 master
bridge fdb add nonsense dev p1 master
bridge fdb add 02:00:00:00:00:0b dev vx master
bridge fdb add 02:00:00:00:00:0b dev nothing master
bridge fdb add 02:00:00:00:00:0b master
bridge fdb add 02:00:00:00:00:0b dev p1 master vlan 5000
bridge fdb add 02:00:00:00:00:0b dev p1 master vlan 4095
bridge fdb add 02:00:00:00:00:0b dev p1 master static dynamic
bridge fdb add 02:00:00:00:00:0b dev p1 master local sticky
bridge fdb add 02:00:00:00:00:0b dev p1 master dynamic sticky
bridge fdb add 02:00:00:00:00:0b dev p1 master dst 10.0.0.1
bridge fdb add 02:00:00:00:00:0b dev br0 master
#: sort
bridge fdb show br br0 | grep -v self
