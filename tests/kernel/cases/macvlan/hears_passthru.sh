# mode passthru: who hears whom
# needs: macvlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in w na nb nc; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.default.disable_ipv6=1; done
ip link add eth0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip link add link eth0 mva netns na type macvlan mode passthru
ip -n na link set mva up
await has "state UP" ip -n na link show mva
#: expect mva to all: wire
hears mva@na mva all mva@na eth0 wire@w = wire
#: expect mva to nobody: wire
hears mva@na mva nobody mva@na eth0 wire@w = wire
#: expect mva to nobody: wire
hears mva@na stranger nobody mva@na eth0 wire@w = wire
#: expect wire to mva: mva
hears wire@w stranger mva mva@na eth0 wire@w = mva
#: expect wire to nobody: mva
hears wire@w stranger nobody mva@na eth0 wire@w = mva
#: expect wire to all: eth0 mva
hears wire@w stranger all mva@na eth0 wire@w = mva eth0
#: expect wire to group: eth0 mva
hears wire@w stranger group mva@na eth0 wire@w = mva eth0
#: expect wire to all: mva
hears wire@w mva all mva@na eth0 wire@w = mva
#: expect wire to mva: mva
hears wire@w mva mva mva@na eth0 wire@w = mva
#: expect eth0 to all: wire
hears eth0 eth0 all mva@na eth0 wire@w = wire
