# stations belong to a VLAN
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan add dev p1 vid 10
bridge fdb add 02:00:00:00:00:0a dev p1 master static vlan 10
bridge fdb add 02:00:00:00:00:0b dev p1 master static vlan 11
bridge fdb add 02:00:00:00:00:0c dev p1 master static
bridge fdb add 02:00:00:00:00:0d dev p1 master static vlan 1
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
bridge fdb get 02:00:00:00:00:0a br br0 vlan 10
bridge fdb get 02:00:00:00:00:0a br br0 vlan 1
bridge fdb get 02:00:00:00:00:0a br br0
#: sort
bridge fdb show br br0 vlan 10
bridge fdb del 02:00:00:00:00:0c dev p1 master
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
bridge vlan del dev p1 vid 10
#: sort
bridge fdb show br br0 | grep 02:00:00:00
