# ports of a bridge in a namespace that is named by its id
ip netns add n1
ip netns set n1 5
ip -n n1 link add br0 type bridge
ip -n n1 link add p1 type veth peer name xp1
ip -n n1 link add p2 type veth peer name xp2
ip -n n1 link set p1 master br0
nsidlink dump target=5 master=$(ip -n n1 -j link show br0 | jq '.[0].ifindex') | sed 's/master=[0-9]*//'
nsidlink dump target=5 kind=bridge
nsidlink get name=p1 target=5 | sed 's/master=[0-9]*//'
ip link add q1 type veth peer name xq1
ip link add br0 type bridge
ip link add z netns n1 master br0 type veth peer name xz
nsidlink del name=br0 target=5
nsidlink dump target=5
