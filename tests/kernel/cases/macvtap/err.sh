# what a macvtap refuses
# needs: macvtap
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add mt0 type macvtap
ip link add link lo mt0 type macvtap
ip link add link eth0 mt0 mtu 1501 type macvtap
ip link add link eth0 mt0 address 02:00:00:00:00:e0 up type macvtap
ip link add link eth0 mt0 type macvtap mode bridge
ip link add link eth0 mt1 type macvtap mode passthru
ip link add link eth0 mt0 type macvtap
ip link set mt0 type macvtap mode passthru
ip link set mt0 type macvtap macaddr add 02:00:00:00:00:01
ip link set mt0 type macvlan mode private
ip link set mt0 carrier off
ip link set mt0 mtu 1501
