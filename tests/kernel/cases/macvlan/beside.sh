# on a macvlan means beside it
# needs: macvlan
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan mode bridge
ip link add link mva mvb type macvlan mode bridge
ip link show mvb
ip link del mva
ip link show mvb
