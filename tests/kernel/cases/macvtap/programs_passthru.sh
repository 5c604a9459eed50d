# mode passthru: one program has the lower device whole
# needs: macvtap
# user: root
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add w
ip netns exec w sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
n=$((100000 + RANDOM * 4))
ip link add link eth0 mta index $n up type macvtap mode passthru
await has "state UP" ip link show mta
#: expect mta to all: wire
hears tap:mta mta all tap:mta eth0 wire@w = wire
#: expect mta to nobody: wire
hears tap:mta stranger nobody tap:mta eth0 wire@w = wire
#: expect wire to mta: mta
hears wire@w stranger mta tap:mta eth0 wire@w = mta
#: expect wire to nobody: mta
hears wire@w stranger nobody tap:mta eth0 wire@w = mta
#: expect wire to all: eth0 mta
hears wire@w stranger all tap:mta eth0 wire@w = mta eth0
#: expect wire to all: mta
hears wire@w mta all tap:mta eth0 wire@w = mta
#: expect eth0 to all: wire
hears eth0 eth0 all tap:mta eth0 wire@w = wire
#: expect status 2
ip link add link eth0 mtb type macvtap mode bridge
