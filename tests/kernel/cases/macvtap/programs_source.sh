# mode source: programs that listen to senders
# needs: macvtap
# user: root
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns add w
ip netns exec w sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire netns w
ip link set eth0 up
ip -n w link set wire up
n=$((100000 + RANDOM * 4))
ip link add link eth0 mta index $n up type macvtap mode source macaddr add 02:00:00:00:00:99
await has "state UP" ip link show mta
n=$((n + 1))
ip link add link eth0 mtb index $n up type macvtap mode source
await has "state UP" ip link show mtb
#: expect wire to nobody: eth0 mta
hears wire@w stranger nobody tap:mta tap:mtb eth0 wire@w = mta eth0
#: expect wire to all: eth0 mta
hears wire@w stranger all tap:mta tap:mtb eth0 wire@w = mta eth0
#: expect wire to mta: eth0
hears wire@w 02:00:00:00:00:98 mta tap:mta tap:mtb eth0 wire@w = eth0
#: expect mta to mtb: wire
hears tap:mta mta mtb tap:mta tap:mtb eth0 wire@w = wire
#: expect mta to all: wire
hears tap:mta mta all tap:mta tap:mtb eth0 wire@w = wire
