# an MTU up to the lower device's
# needs: macvlan
ip link add eth0 mtu 1400 type veth peer name wire
ip link add link eth0 mva type macvlan
ip link add link eth0 mvb mtu 1280 type macvlan
ip link show mva
ip link show mvb
ip link set mva mtu 1300
ip link show mva
ip link set eth0 mtu 1290
ip link show mva
ip link show mvb
ip link set eth0 mtu 9000
ip link show mva
ip link set mva mtu 9000
ip link show mva
