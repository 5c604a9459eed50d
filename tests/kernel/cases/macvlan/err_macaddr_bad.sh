# no unicast address in a list
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva type macvlan mode source macaddr add 01:00:00:00:00:01
ip link add link eth0 mva type macvlan mode source
ip link set mva type macvlan macaddr add 01:00:00:00:00:01
ip link set mva type macvlan macaddr add 00:00:00:00:00:00
