# carrier and state are the lower device's
# needs: macvlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan
ip link show mva
ip link set mva up
ip link show mva
ip link set eth0 up
ip link show mva
ip link set wire up
await has 'state UP' ip link show mva
ip link show mva
ip link set wire down
await has 'state LOWERLAYERDOWN' ip link show mva
ip link show mva
ip link set wire up
await has 'state UP' ip link show mva
ip link set eth0 down
await has 'NO-CARRIER' ip link show mva
ip link show mva
ip link set mva down
ip link show mva
