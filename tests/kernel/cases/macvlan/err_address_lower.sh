# the lower device's address
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva address 02:00:00:00:00:e0 type macvlan
ip link set mva up
ip link show mva
ip link set mva address 02:00:00:00:00:0a
ip link set mva up
ip link set mva address 02:00:00:00:00:e0
ip link show mva
