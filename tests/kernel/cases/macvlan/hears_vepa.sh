# mode vepa: who hears whom
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
#: expect mva to mvb: wire
hears mva@na mva mvb mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect mva to all: wire
hears mva@na mva all mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect mva to group: wire
hears mva@na mva group mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect mva to mvc: wire
hears mva@na mva mvc mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect mva to eth0: wire
hears mva@na mva eth0 mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect wire to mva: mva
hears wire@w stranger mva mva@na mvb@nb mvc@nc eth0 wire@w = mva
#: expect wire to all: eth0 mva mvb mvc
hears wire@w stranger all mva@na mvb@nb mvc@nc eth0 wire@w = mva mvb mvc eth0
#: expect wire to nobody: eth0
hears wire@w stranger nobody mva@na mvb@nb mvc@nc eth0 wire@w = eth0
#: expect eth0 to all: wire
hears eth0 eth0 all mva@na mvb@nb mvc@nc eth0 wire@w = wire
