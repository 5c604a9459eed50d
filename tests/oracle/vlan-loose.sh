# a loosely bound VLAN device keeps its own will
# engine: vlan
port va
ip link add link va va.5 type vlan id 5 loose_binding on
ip link set va up
attr va.5 flags
ip link set va.5 up
ip link set va down
attr va.5 flags
