# mode passthru: one address for two
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva address 02:00:00:00:00:0a type macvlan mode passthru
ip link show mva
ip link set mva address 02:00:00:00:00:e1
ip link show mva
ip link show eth0
ip link set eth0 address 02:00:00:00:00:e2
ip link show mva
ip link show eth0
ip link set mva up
ip link set mva address 02:00:00:00:00:e3
ip link show eth0
