# frames are counted where they pass
# needs: macvlan
# differs: 134.*120 Linux counts the header of mva sibling's multicast twice
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add w
ip netns exec w sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
ip link add link eth0 mva up type macvlan mode bridge
ip link add link eth0 mvb up type macvlan mode bridge
await has 'state UP' ip link show mva
await has 'state UP' ip link show mvb
hears mva mva mvb mvb wire@w = mvb
hears mva mva all mvb wire@w = mvb wire
hears wire@w stranger mva mva mvb wire@w = mva
#: stats
ip -s -j link show mva | grep -o '"[rt]x":{"bytes":[0-9]*,"packets":[0-9]*'
#: stats
ip -s -j link show mvb | grep -o '"[rt]x":{"bytes":[0-9]*,"packets":[0-9]*'
#: stats
ip -s -j link show eth0 | grep -o '"[rt]x":{"bytes":[0-9]*,"packets":[0-9]*'
