# its carrier is not for setting
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva type macvlan
ip link set mva carrier off
