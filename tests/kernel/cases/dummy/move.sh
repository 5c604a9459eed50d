# a dummy moves, is renamed and dies with its namespace
# needs: dummy
ip netns add n1
ip link add d0 mtu 1400 type dummy
ip link set d0 netns n1 name e0
#: expect mtu 1400
ip -n n1 link show e0
ip netns del n1
