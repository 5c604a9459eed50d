# carrier follows the peer in another namespace
ip netns add n1
ip link add va type veth peer name vb netns n1
ip link set va up
ip -n n1 link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip -n n1 link show vb
ip -j link show va
ip -n n1 -j link show vb
ip -n n1 link set vb down
await has NO-CARRIER ip link show va
ip -j link show va
