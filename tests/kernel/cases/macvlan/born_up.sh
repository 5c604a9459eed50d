# a macvlan that is born up
# needs: macvlan
ip link add eth0 type veth peer name wire
ip link set eth0 up
ip link set wire up
await has 'state UP' ip link show eth0
ip link add link eth0 mva up type macvlan mode bridge
await has 'state UP' ip link show mva
ip link show mva
ip -d link show mva
ip -d -j link show mva
