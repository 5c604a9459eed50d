# ip monitor address and route tell the kernel's changes
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va type veth peer name vb
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
ip monitor address route >log &
stir log 'ip addr add 127.1.1.$i/32 dev lo'
ip addr add 10.8.0.1/24 dev va
ip route add 10.9.0.0/24 via 10.8.0.2
ip addr del 10.8.0.1/24 dev va
await grep -q 'Deleted.*10.8.0.1/24' log
grep -v -e ' lo ' -e valid_lft log
