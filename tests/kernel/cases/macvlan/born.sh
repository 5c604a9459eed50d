# a macvlan as it is born
# needs: macvlan
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan
ip link show mva
ip -d link show mva
ip -d -j link show mva
ip link add link eth0 type macvlan mode bridge
ip -d link show macvlan0
ip link add link eth0 name mvb address 02:00:00:00:00:0b index 77 mtu 1300 type macvlan mode private
ip -d link show mvb
ip link del mvb
ip link
