# the bridge's and the ports' addresses in each VLAN
# engine: bridge vlan_filtering
star 1 vlan_filtering 1
bridge vlan add dev p1 vid 10
bridge vlan add dev br0 vid 20 self
#: sort
bridge fdb show br br0 | grep -v self
ip link set br0 address 02:00:00:00:00:bb
#: sort
bridge fdb show br br0 | grep -v self
bridge vlan del dev p1 vid 10
#: sort
bridge fdb show br br0 | grep -v self
