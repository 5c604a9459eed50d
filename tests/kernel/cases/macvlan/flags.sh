# flags are kept and shown
# needs: macvlan
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan mode passthru nopromisc
ip -d link show mva
ip link set mva type macvlan mode passthru flag null
ip -d link show mva
ip link del mva
ip link add link eth0 mva type macvlan mode source nodst
ip -d link show mva
