# mode bridge: two programs, who hears whom
# needs: macvtap
# user: root
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add w
ip netns exec w sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
n=$((100000 + RANDOM * 4))
ip link add link eth0 mta index $n up type macvtap mode bridge
await has "state UP" ip link show mta
n=$((n + 1))
ip link add link eth0 mtb index $n up type macvtap mode bridge
await has "state UP" ip link show mtb
#: expect mta to mtb: mtb
hears tap:mta mta mtb tap:mta tap:mtb eth0 wire@w = mtb
#: expect mta to all: mtb wire
hears tap:mta mta all tap:mta tap:mtb eth0 wire@w = mtb wire
#: expect mta to nobody: wire
hears tap:mta mta nobody tap:mta tap:mtb eth0 wire@w = wire
#: expect mtb to mta: mta
hears tap:mtb mtb mta tap:mta tap:mtb eth0 wire@w = mta
#: expect mtb to all: mta wire
hears tap:mtb mtb all tap:mta tap:mtb eth0 wire@w = mta wire
#: expect wire to mta: mta
hears wire@w stranger mta tap:mta tap:mtb eth0 wire@w = mta
#: expect wire to mtb: mtb
hears wire@w stranger mtb tap:mta tap:mtb eth0 wire@w = mtb
#: expect wire to all: eth0 mta mtb
hears wire@w stranger all tap:mta tap:mtb eth0 wire@w = mta mtb eth0
#: expect wire to nobody: eth0
hears wire@w stranger nobody tap:mta tap:mtb eth0 wire@w = eth0
#: expect wire to mtb: mtb
hears wire@w mta mtb tap:mta tap:mtb eth0 wire@w = mtb
#: expect wire to all: eth0
hears wire@w mta all tap:mta tap:mtb eth0 wire@w = eth0
#: expect wire to all: eth0
hears wire@w mtb all tap:mta tap:mtb eth0 wire@w = eth0
