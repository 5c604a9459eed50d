# mode passthru is for life
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva type macvlan mode passthru
ip link set mva type macvlan mode bridge
ip link del mva
ip link add link eth0 mva type macvlan mode bridge
ip link set mva type macvlan mode passthru
ip -d link show mva
