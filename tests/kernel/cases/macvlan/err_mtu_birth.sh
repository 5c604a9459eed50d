# an MTU above the lower device's, at birth
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva mtu 1501 type macvlan
ip link add link eth0 mva mtu 67 type macvlan
ip link add link eth0 mva mtu 65536 type macvlan
