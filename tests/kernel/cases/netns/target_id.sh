# links of a namespace that is named by its id
ip netns add n1
ip netns add n2
ip netns set n1 5
ip netns set n2 6
ip -n n1 netns set n2 3
ip link add va type veth peer name vb netns n1
ip -n n1 link add wa type veth peer name wb netns n2
ip -n n1 link add ma type veth peer name mb
nsidlink get name=vb target=5
nsidlink get name=wa target=5
nsidlink get name=ma target=5
nsidlink get name=va target=5
nsidlink get name=vb target=77
nsidlink dump target=5
nsidlink dump target=5 kind=veth
nsidlink dump target=77
nsidlink new name=na kind=veth target=5
ip -br link
ip -n n1 -br link
nsidlink new name=nb kind=veth target=77
nsidlink new name=la kind=veth linkid=6
ip -n n2 -br link
ip -j link show la
nsidlink new name=lb kind=veth linkid=77
nsidlink new name=lc kind=veth target=6 linkid=5
nsidlink set name=va target=6
ip -n n2 -j link show va
ip -n n1 -j link show vb
nsidlink set name=vb target=5 mtu=1400
nsidlink new name=na kind=veth target=5
nsidlink del name=na target=5
nsidlink del name=na target=5
nsidlink del name=na target=77
ip -br link
ip -n n1 -br link
