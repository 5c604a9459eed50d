# a program in mode bridge and a macvlan beside it
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
ip netns add nb
ip link add link eth0 mvb netns nb type macvlan mode bridge
ip -n nb link set mvb up
await has "state UP" ip -n nb link show mvb
#: expect mta to mvb: mvb
hears tap:mta mta mvb tap:mta mvb@nb eth0 wire@w = mvb
#: expect mvb to mta: mta
hears mvb@nb mvb mta tap:mta mvb@nb eth0 wire@w = mta
#: expect mta to all: mvb wire
hears tap:mta mta all tap:mta mvb@nb eth0 wire@w = mvb wire
#: expect mvb to all: mta wire
hears mvb@nb mvb all tap:mta mvb@nb eth0 wire@w = mta wire
#: expect wire to all: eth0 mta mvb
hears wire@w stranger all tap:mta mvb@nb eth0 wire@w = mta mvb eth0
