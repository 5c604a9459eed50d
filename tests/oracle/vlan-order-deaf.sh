# VLAN 0 carries priorities, and a frame of VLAN 0 is the lower's own
# engine: vlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add p1 type veth peer name h1
ip link add link p1 p1.5 type vlan id 5
for d in p1 h1 p1.5; do ip link set $d up; done
await has 'state UP' ip link show p1.5
deliver -on p1.5 h1:a,b h1:a,b/tag=5 h1:a,b/tag=5p3 h1:a,b/tag=0p3 h1:a,b/tag=6 h1:a,b/ad=5 h1:a,all/tag=5 h1:a,b/tag=5/ad=7 h1:a,b/ad=5/tag=5
