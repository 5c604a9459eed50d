# whose frames a VLAN device takes for its own
# engine: vlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add p1 address 02:00:00:00:00:1a type veth peer name h1
ip link add link p1 p1.5 address 02:00:00:00:00:1b type vlan id 5
for d in p1 h1 p1.5; do ip link set $d up; done
ip addr add 10.0.0.5/24 dev p1.5
await has 'state UP' ip link show p1.5
deliver -on h1 -hear arp 'h1:a?10.0.0.5/tag=5/from=10.0.0.9' 'h1:a?10.0.0.5/from=10.0.0.9'
