# macvlans in three namespaces talk to each other and the outside
# needs: macvlan
for n in w na nb; do ip netns add $n; done
ip link add eth0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip -n w addr add 10.1.0.1/24 dev wire
ip addr add 10.1.0.2/24 dev eth0
ip link add link eth0 mva netns na up type macvlan mode bridge
ip link add link eth0 mvb netns nb up type macvlan mode bridge
ip -n na addr add 10.1.0.3/24 dev mva
ip -n nb addr add 10.1.0.4/24 dev mvb
await has 'state UP' ip -n na link show mva
#: status
await ip netns exec na ping -c1 -W1 10.1.0.4
#: status
await ip netns exec na ping -c1 -W1 10.1.0.1
#: status
await ip netns exec w ping -c1 -W1 10.1.0.4
#: status
ip netns exec na ping -c1 -W1 10.1.0.2
