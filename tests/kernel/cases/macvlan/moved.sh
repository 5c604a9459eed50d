# a macvlan that is moved
# needs: macvlan
ip netns add n1
ip link add eth0 type veth peer name wire
ip link set eth0 up
ip link set wire up
ip link add link eth0 mva up type macvlan mode bridge
ip link add link eth0 mvb up type macvlan mode bridge
ip link set mva netns n1
ip -n n1 -d link show mva
ip -n n1 link set mva up
await has 'state UP' ip -n n1 link show mva
ip -n n1 link show mva
ip -n n1 addr add 10.1.0.1/24 dev mva
ip addr add 10.1.0.2/24 dev mvb
await ping -c1 -W1 10.1.0.1
ip -n n1 link set mva name newname
ip -n n1 link show newname
