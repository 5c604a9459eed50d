# what a VLAN device sends is tagged
# engine: vlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add p1 type veth peer name h1
ip link add link p1 p1.5 type vlan id 5
ip link add link p1 p1.6 type vlan id 6 protocol 802.1ad
ip link add link p1 p1.0 type vlan id 0
for d in p1 h1 p1.5 p1.6 p1.0; do ip link set $d up; done
await has 'state UP' ip link show p1.5
deliver -on h1 p1.5:a,b p1.6:a,b p1.5:a,all p1.0:a,b p1:a,b p1.5:a,b/tag=9
ip link set p1.5 type vlan egress-qos-map 0:5
ip link set p1.6 type vlan egress-qos-map 0:1
deliver -on h1 p1.5:a,b p1.6:a,b
