# mode source: the list, changed in all ways
# needs: macvlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in w na nb nc; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.default.disable_ipv6=1; done
ip link add eth0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip link add link eth0 mva netns na type macvlan mode source
ip -n na link set mva up
await has "state UP" ip -n na link show mva
ip -n na link set mva type macvlan macaddr add 02:00:00:00:00:99
ip -n na -d link show mva
hears wire@w stranger nobody mva@na eth0 wire@w = mva eth0
ip -n na link set mva type macvlan macaddr add 02:00:00:00:00:99
ip -n na -d link show mva
hears wire@w stranger nobody mva@na eth0 wire@w = mva eth0
ip -n na link set mva type macvlan macaddr del 02:00:00:00:00:97
ip -n na -d link show mva
hears wire@w stranger nobody mva@na eth0 wire@w = mva eth0
ip -n na link set mva type macvlan macaddr del 02:00:00:00:00:99
ip -n na -d link show mva
hears wire@w stranger nobody mva@na eth0 wire@w = eth0
ip -n na link set mva type macvlan macaddr set 02:00:00:00:00:01 02:00:00:00:00:99 02:00:00:00:00:03
ip -n na -d link show mva
hears wire@w stranger nobody mva@na eth0 wire@w = mva eth0
ip -n na link set mva type macvlan macaddr flush
ip -n na -d link show mva
hears wire@w stranger nobody mva@na eth0 wire@w = eth0
ip -n na link set mva type macvlan macaddr set 02:00:00:00:00:99
ip -n na -d link show mva
hears wire@w stranger nobody mva@na eth0 wire@w = mva eth0
ip -n na link set mva type macvlan mode private
ip -n na -d link show mva
hears wire@w stranger nobody mva@na eth0 wire@w = eth0
ip -n na link set mva type macvlan mode source
ip -n na -d link show mva
hears wire@w stranger nobody mva@na eth0 wire@w = eth0
