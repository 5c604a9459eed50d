# a macvlan whose lower device is in a namespace that is named by its id
# needs: macvlan
ip netns add n1
ip netns add n2
ip netns set n1 5
ip netns set n2 6
ip -n n1 link add eth0 type veth peer name wire
ip -n n1 link set wire up
ip -n n1 link set eth0 up
nsidlink new name=mva kind=macvlan linkid=5 link=$(ip -n n1 -j link show eth0 | jq '.[0].ifindex')
ip link set mva up
await has 'state UP' ip link show mva
ip -d -j link show mva
nsidlink new name=mvb kind=macvlan linkid=77 link=2
nsidlink new name=mvb kind=macvlan linkid=5 link=77
nsidlink new name=mvb kind=macvlan target=6 linkid=5 link=2
ip -n n1 link del eth0
ip -br link
