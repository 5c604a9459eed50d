# no unicast address
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva address 01:00:00:00:00:01 type macvlan
ip link add link eth0 mva address 00:00:00:00:00:00 type macvlan
ip link add link eth0 mva type macvlan
ip link set mva address ff:ff:ff:ff:ff:ff
