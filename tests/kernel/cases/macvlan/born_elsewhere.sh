# a macvlan that is born in another namespace
# needs: macvlan
ip netns add n1
ip link add eth0 type veth peer name wire
ip link set eth0 up
ip link set wire up
ip link add link eth0 mva netns n1 up type macvlan mode bridge
await has 'state UP' ip -n n1 link show mva
ip -n n1 -d link show mva
ip -n n1 -j link show mva
ip -n n1 addr add 10.1.0.1/24 dev mva
ip link add link eth0 mvb up type macvlan mode bridge
ip addr add 10.1.0.2/24 dev mvb
await ping -c1 -W1 10.1.0.1
ip netns del n1
await lacks mva@ ip link show type macvlan
ip link show type macvlan
