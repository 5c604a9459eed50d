# mode source: a frame for the listener alone
# needs: macvlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in w na nb nc; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.default.disable_ipv6=1; done
ip link add eth0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip link add link eth0 mva netns na type macvlan mode source nodst macaddr add 02:00:00:00:00:99
ip -n na link set mva up
await has "state UP" ip -n na link show mva
ip link add link eth0 mvb netns nb type macvlan mode source macaddr set 02:00:00:00:00:99 02:00:00:00:00:98
ip -n nb link set mvb up
await has "state UP" ip -n nb link show mvb
ip link add link eth0 mvc netns nc type macvlan mode bridge
ip -n nc link set mvc up
await has "state UP" ip -n nc link show mvc
#: expect wire to mvc: mva mvb
hears wire@w stranger mvc mva@na mvb@nb mvc@nc eth0 wire@w = mva mvb
#: expect wire to all: mva mvb
hears wire@w stranger all mva@na mvb@nb mvc@nc eth0 wire@w = mva mvb
#: expect wire to mvc: mvb mvc
hears wire@w 02:00:00:00:00:98 mvc mva@na mvb@nb mvc@nc eth0 wire@w = mvb mvc
#: expect wire to mvc: mvc
hears wire@w 02:00:00:00:00:97 mvc mva@na mvb@nb mvc@nc eth0 wire@w = mvc
ip -n na link set mva down
#: expect wire to mvc: mvb mvc
hears wire@w stranger mvc mva@na mvb@nb mvc@nc eth0 wire@w = mvb mvc
