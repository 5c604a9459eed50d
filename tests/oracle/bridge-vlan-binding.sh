# a VLAN device bound to its bridge has a carrier while a port of its VLAN does
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan add dev p1 vid 10
bridge vlan add dev br0 vid 10 self
ip link add link br0 br0.10 type vlan id 10 bridge_binding on
ip link set br0.10 up
await has 'state UP' ip link show br0.10
ip link set h1 down
await has LOWERLAYERDOWN ip link show br0.10
attr br0.10 operstate flags
attr br0 operstate
