# mode bridge: who hears whom
# needs: macvlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in w na nb nc; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.default.disable_ipv6=1; done
ip link add eth0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip link add link eth0 mva netns na type macvlan mode bridge
ip -n na link set mva up
await has "state UP" ip -n na link show mva
ip link add link eth0 mvb netns nb type macvlan mode bridge
ip -n nb link set mvb up
await has "state UP" ip -n nb link show mvb
ip link add link eth0 mvc netns nc type macvlan mode vepa
ip -n nc link set mvc up
await has "state UP" ip -n nc link show mvc
#: expect mva to mvb: mvb
hears mva@na mva mvb mva@na mvb@nb mvc@nc eth0 wire@w = mvb
#: expect mva to all: mvb wire
hears mva@na mva all mva@na mvb@nb mvc@nc eth0 wire@w = mvb wire
#: expect mva to group: mvb wire
hears mva@na mva group mva@na mvb@nb mvc@nc eth0 wire@w = mvb wire
#: expect mva to mvc: wire
hears mva@na mva mvc mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect mva to eth0: wire
hears mva@na mva eth0 mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect mva to nobody: wire
hears mva@na mva nobody mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect mvc to mva: wire
hears mvc@nc mvc mva mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect eth0 to all: wire
hears eth0 eth0 all mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect eth0 to mva: wire
hears eth0 eth0 mva mva@na mvb@nb mvc@nc eth0 wire@w = wire
#: expect wire to mva: mva
hears wire@w stranger mva mva@na mvb@nb mvc@nc eth0 wire@w = mva
#: expect wire to mvc: mvc
hears wire@w stranger mvc mva@na mvb@nb mvc@nc eth0 wire@w = mvc
#: expect wire to all: eth0 mva mvb mvc
hears wire@w stranger all mva@na mvb@nb mvc@nc eth0 wire@w = mva mvb mvc eth0
#: expect wire to group: eth0 mva mvb mvc
hears wire@w stranger group mva@na mvb@nb mvc@nc eth0 wire@w = mva mvb mvc eth0
#: expect wire to nobody: eth0
hears wire@w stranger nobody mva@na mvb@nb mvc@nc eth0 wire@w = eth0
#: expect wire to eth0: eth0
hears wire@w stranger eth0 mva@na mvb@nb mvc@nc eth0 wire@w = eth0
