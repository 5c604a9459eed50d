# a macvtap as it is born
# needs: macvtap
ip link add eth0 type veth peer name wire
ip link add link eth0 mt0 type macvtap
ip link show mt0
ip -d link show mt0
ip -d -j link show mt0
ip link add link eth0 type macvtap mode bridge
ip link show macvtap0
ip link show type macvtap
ip link show type macvlan
ip link set mt0 up
ip link show mt0
#: status
test -d /sys/class/net/mt0
