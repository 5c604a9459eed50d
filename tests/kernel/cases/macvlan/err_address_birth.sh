# an address that is taken, and up
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva address 02:00:00:00:00:e0 up type macvlan
ip link show mva
