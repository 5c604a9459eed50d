# an MTU above the lower device's
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva type macvlan
ip link set mva mtu 1501
ip link set mva mtu 67
ip link set mva mtu 65536
ip link show mva
