# mode passthru is alone
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva type macvlan mode passthru
ip link add link eth0 mvb type macvlan mode bridge
ip link add link eth0 mvb type macvlan mode passthru
ip link
