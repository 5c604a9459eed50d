# another address, while it is up
# needs: macvlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add w
ip link add eth0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip link add link eth0 mva address 02:00:00:00:00:0a up type macvlan mode bridge
await has 'state UP' ip link show mva
hears wire@w stranger 02:00:00:00:00:0a mva wire@w = mva
ip link set mva address 02:00:00:00:00:1a
ip link show mva
hears wire@w stranger 02:00:00:00:00:0a eth0 wire@w = eth0
hears wire@w stranger 02:00:00:00:00:1a mva wire@w = mva
ip link set mva down
hears wire@w stranger 02:00:00:00:00:1a eth0 wire@w = eth0
ip link set mva address 02:00:00:00:00:2a
ip link set mva up
await has 'state UP' ip link show mva
hears wire@w stranger 02:00:00:00:00:2a mva wire@w = mva
