# IPv6 link-local addresses answer across namespaces
ip netns add n1
ip link add va type veth peer name vb netns n1
ip link set va up
ip -n n1 link set vb up
await has 'state UP' ip link show va
await has inet6 ip -6 addr show dev va -tentative
await has inet6 ip -n n1 -6 addr show dev vb -tentative
ip -6 -j addr show dev va
ip addr add fd00::1/64 dev va nodad
ip -n n1 addr add fd00::2/64 dev vb nodad
ping -6 -c2 -i0.2 fd00::2
ip -6 route show dev va | cut -d' ' -f1
