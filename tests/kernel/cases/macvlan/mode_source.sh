# mode source as it is shown
# needs: macvlan
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan mode source
ip -d link show mva
ip -d -j link show mva
ip link show type macvlan
ip -d link show eth0
