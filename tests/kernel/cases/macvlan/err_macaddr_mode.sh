# a list is for mode source
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva type macvlan mode bridge macaddr add 02:00:00:00:00:01
ip link add link eth0 mva type macvlan mode bridge
ip link set mva type macvlan macaddr add 02:00:00:00:00:01
ip link set mva type macvlan macaddr flush
ip link set mva type macvlan mode private macaddr set 02:00:00:00:00:01
