# a VLAN in a VLAN
# engine: vlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add p1 type veth peer name h1
ip link add link p1 out type vlan id 100 protocol 802.1ad
ip link add link out in type vlan id 7
for d in p1 h1 out in; do ip link set $d up; done
await has 'state UP' ip link show in
deliver -on h1 in:a,b out:a,b
deliver -on out,in -until out h1:a,b/ad=100/tag=7 h1:a,b/ad=100/tag=7 h1:a,b/ad=100 h1:a,b/tag=7 h1:a,b/tag=7/ad=100
ip -br link | cut -d' ' -f1
