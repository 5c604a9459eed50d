# the lower device is moved
# needs: macvlan
ip netns add n1
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan mode bridge
ip link set eth0 netns n1
ip link show mva
ip -d -j link show mva
ip -n n1 link show eth0
ip -n n1 link set eth0 up
ip link set wire up
ip link set mva up
await has 'LOWER_UP' ip link show mva
ip link show mva
