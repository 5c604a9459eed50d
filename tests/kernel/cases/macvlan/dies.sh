# a macvlan ends with the lower device
# needs: macvlan
ip netns add n1
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan
ip link add link eth0 mvb netns n1 type macvlan
ip link del wire
await lacks mvb ip -n n1 link
ip link
ip -n n1 link
