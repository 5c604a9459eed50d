# frames as large as they may be, and larger
# engine: vlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add p1 type veth peer name h1
ip link add link p1 p1.5 type vlan id 5
for d in p1 h1 p1.5; do ip link set $d up; done
await has 'state UP' ip link show p1.5
deliver -on h1 p1.5:a,b/size=1514 p1.5:a,b/size=1515 p1:a,b/size=1518/tag=5
deliver -on p1.5 h1:a,b/size=1518/tag=5 h1:a,b/size=1519/tag=5
