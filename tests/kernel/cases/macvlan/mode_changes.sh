# one mode after the other
# needs: macvlan
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan mode private
ip link set mva type macvlan mode vepa
ip -d link show mva
ip link set mva type macvlan mode bridge
ip -d link show mva
ip link set mva type macvlan mode source
ip -d link show mva
ip link set mva type macvlan mode source macaddr add 02:00:00:00:00:01
ip -d link show mva
ip link set mva type macvlan mode private
ip -d link show mva
