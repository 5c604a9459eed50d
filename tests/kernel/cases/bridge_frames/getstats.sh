# RTM_GETSTATS tells what a bridge and its ports count
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 type bridge mcast_snooping 0
port p1 master br0
port p2 master br0
for i in br0 p1 p2 xp1 xp2; do ip link set $i up; done
await has 'state UP' ip link show br0
await has 'state forwarding' bridge link show dev p1
await has 'state forwarding' bridge link show dev p2
frames xp1 xp2 size=60 size=100 size=1514 broadcast >/dev/null
for i in p1 p2; do ip -j stats show dev $i group link; done
#: stats
ip -j stats show dev p1 group link
#: stats
ip -j stats show dev p2 group link
#: stats
ip -j stats show dev br0 group link
