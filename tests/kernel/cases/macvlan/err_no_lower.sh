# a macvlan needs a device below
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
#: expect status 2
ip link add mva type macvlan
#: status
ip link show mva
