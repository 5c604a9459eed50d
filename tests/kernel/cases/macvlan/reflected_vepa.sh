# mode vepa: what a hairpin sends back
# needs: macvlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in w na nb nc; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.default.disable_ipv6=1; done
ip link add eth0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip link add link eth0 mva netns na type macvlan mode vepa
ip -n na link set mva up
await has "state UP" ip -n na link show mva
ip link add link eth0 mvb netns nb type macvlan mode vepa
ip -n nb link set mvb up
await has "state UP" ip -n nb link show mvb
ip link add link eth0 mvc netns nc type macvlan mode bridge
ip -n nc link set mvc up
await has "state UP" ip -n nc link show mvc
#: expect wire to mvb: mvb
hears wire@w mva mvb mva@na mvb@nb mvc@nc eth0 wire@w = mvb
#: expect wire to all: eth0 mvb mvc
hears wire@w mva all mva@na mvb@nb mvc@nc eth0 wire@w = mvb mvc eth0
#: expect wire to group: eth0 mvb mvc
hears wire@w mva group mva@na mvb@nb mvc@nc eth0 wire@w = mvb mvc eth0
#: expect wire to all: eth0 mva mvb
hears wire@w mvc all mva@na mvb@nb mvc@nc eth0 wire@w = mva mvb eth0
#: expect wire to mva: mva
hears wire@w mva mva mva@na mvb@nb mvc@nc eth0 wire@w = mva
