# a station of the bridge and an address of the device in one request
# engine: bridge
# needs: bridge
ip link add br0 type bridge vlan_default_pvid 0
ip link add p1 type veth peer name h1
ip link set p1 master br0
bridge fdb add 02:00:00:00:00:0a dev p1 self master permanent
bridge fdb show dev p1 | grep 02:00:00:00:00 | sort
bridge fdb add 02:00:00:00:00:0a dev p1 self master permanent
bridge fdb del 02:00:00:00:00:0a dev p1 self
bridge fdb show dev p1 | grep 02:00:00:00:00 | sort
bridge fdb del 02:00:00:00:00:0a dev p1 self
bridge fdb del 02:00:00:00:00:0a dev p1 master
bridge fdb del 02:00:00:00:00:0a dev p1 master
bridge fdb add 02:00:00:00:00:0b dev h1 self
bridge fdb add 02:00:00:00:00:0b dev h1 master
bridge fdb show dev h1 | grep 02:00:00:00:00
bridge fdb add 02:00:00:00:00:0c dev br0 self permanent
bridge fdb add 02:00:00:00:00:0c dev br0 master
bridge fdb show dev br0 | grep 02:00:00:00:00
