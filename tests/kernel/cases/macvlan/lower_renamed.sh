# the lower device gets another name
# needs: macvlan
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan
ip link set eth0 name ethernet0
ip link show mva
