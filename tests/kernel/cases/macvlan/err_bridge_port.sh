# not on a bridge's port
# needs: macvlan
# needs: bridge
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add br0 type bridge
ip link set eth0 master br0
ip link add link eth0 mva type macvlan
