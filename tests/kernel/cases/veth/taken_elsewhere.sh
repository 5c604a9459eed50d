# whether a name is taken is asked where the device is to be, and other faults come first
ip netns add n1
ip link add va type veth peer name vb
ip link add va netns n1 type veth peer name vc netns n1
ip link add vd netns n1 type veth peer name va
ip link add va netns n1 type veth peer name vf
ip link add link va name vb netns n1 type macvlan
ip link add link va name vb netns n1 type macvlan
ip -n n1 -j link
ip link add va address 00:00:00:00:00:00 type veth peer name vf
ip link add va mtu 30 type veth peer name vf
ip link add va address 00:00:00:00:00:00 type bridge
ip link add vf netns n1 type veth peer name 'a b'
ip -j link
