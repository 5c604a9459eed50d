# mode vepa, and a bridge that does not reflect
# needs: macvtap
# user: root
# needs: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add w
ip netns exec w sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link add br0 type bridge
ip -n w link set br0 up
ip -n w link set wire master br0
ip -n w link set wire up
await has "state forwarding" ip netns exec w bridge link show dev wire
n=$((100000 + RANDOM * 4))
ip link add link eth0 mta index $n up type macvtap mode vepa
await has "state UP" ip link show mta
n=$((n + 1))
ip link add link eth0 mtb index $n up type macvtap mode vepa
await has "state UP" ip link show mtb
#: expect mta to all: br0
hears tap:mta mta all tap:mta tap:mtb eth0 br0@w = br0
#: expect mtb to all: br0
hears tap:mtb mtb all tap:mta tap:mtb eth0 br0@w = br0
hears tap:mta mta mtb tap:mta tap:mtb eth0 br0@w =
