# a VLAN device that is down hears and says nothing
# engine: vlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add p1 type veth peer name h1
ip link add link p1 p1.5 type vlan id 5
for d in p1 h1; do ip link set $d up; done
await has 'state UP' ip link show p1
deliver -on h1,p1.5 h1:a,b/tag=5 p1.5:a,b
ip link set p1.5 up
deliver -on h1,p1.5 h1:a,b/tag=5 p1.5:a,b
ip -s -j link show p1.5 | jq -c '.[0].stats64 | [.rx.packets, .rx.bytes, .tx.packets, .tx.bytes]'
