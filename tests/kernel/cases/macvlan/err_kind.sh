# changed as another kind
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva type macvlan
ip link set mva type macvtap mode bridge
ip link set mva type veth
ip link set eth0 type macvlan mode bridge
