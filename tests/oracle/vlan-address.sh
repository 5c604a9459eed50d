# a VLAN device has its lower's address until it is given one
# engine: vlan
# differs: promiscuity frames are told apart by their tags before any address is looked at
ip link add va address 02:00:00:00:00:0a type veth peer name vb
ip link add link va va.5 type vlan id 5
ip link add link va va.6 address 02:00:00:00:00:0b type vlan id 6
attr va.5 address
attr va.6 address
ip link set va address 02:00:00:00:00:0c
attr va.5 address
attr va.6 address
ip link set va.5 address 02:00:00:00:00:0d
ip link set va address 02:00:00:00:00:0e
attr va.5 address
ip link set va.5 up
ip link set va up
attr va promiscuity
ip link set va.5 address 01:00:00:00:00:01
