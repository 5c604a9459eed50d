# a VLAN device on the bridge
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan add dev p1 vid 10
bridge vlan add dev p2 vid 10 untagged pvid
bridge vlan add dev br0 vid 10 self
ip link add link br0 br0.10 type vlan id 10
ip link set br0.10 up
deliver -on h1,h2,br0.10 h1:a,all/tag=10 h2:b,all h1:a,all br0.10:q,all br0.10:q,b br0.10:q,a
