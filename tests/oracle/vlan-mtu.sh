# a VLAN device is no wider than its lower
# engine: vlan
# differs: va\.7.mtu.0 the mirror is an Ethernet device: 68 is the least
port va
ip link add link va va.5 type vlan id 5
attr va.5 mtu
ip link set va.5 mtu 1501
ip link set va.5 mtu 1400
ip link set va mtu 1300
attr va.5 mtu
ip link set va mtu 9000
attr va.5 mtu
ip link set va.5 mtu 9000
attr va.5 mtu
ip link set va mtu 2000
attr va.5 mtu
ip link add link va va.6 mtu 2001 type vlan id 6
ip link add link va va.7 mtu 1200 type vlan id 7
attr va.7 mtu
ip link set va.7 mtu 0
attr va.7 min_mtu max_mtu
