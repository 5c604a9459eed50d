# the length of the queue of broadcasts
# needs: macvlan
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan bcqueuelen 20
ip -d link show mva
ip link add link eth0 mvb type macvlan bcqueuelen 3000
ip -d link show mva
ip -d link show mvb
ip link set mvb type macvlan bcqueuelen 5
ip -d link show mva
ip link del mva
ip -d link show mvb
