# mode private: what a hairpin sends back
# needs: macvlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in w na nb nc; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.default.disable_ipv6=1; done
ip link add eth0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip link add link eth0 mva netns na type macvlan mode private
ip -n na link set mva up
await has "state UP" ip -n na link show mva
ip link add link eth0 mvb netns nb type macvlan mode private
ip -n nb link set mvb up
await has "state UP" ip -n nb link show mvb
ip link add link eth0 mvc netns nc type macvlan mode vepa
ip -n nc link set mvc up
await has "state UP" ip -n nc link show mvc
#: expect wire to mvb: mvb
hears wire@w mva mvb mva@na mvb@nb mvc@nc eth0 wire@w = mvb
#: expect wire to all: mva
hears wire@w mva all mva@na mvb@nb mvc@nc eth0 wire@w = mva
#: expect wire to all: mvb
hears wire@w mvb all mva@na mvb@nb mvc@nc eth0 wire@w = mvb
#: expect wire to all: eth0
hears wire@w mvc all mva@na mvb@nb mvc@nc eth0 wire@w = eth0
#: expect wire to nobody: eth0
hears wire@w mva nobody mva@na mvb@nb mvc@nc eth0 wire@w = eth0
