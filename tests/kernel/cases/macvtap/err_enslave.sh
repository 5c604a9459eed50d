# a macvtap is no bridge's port
# needs: macvtap
# needs: bridge
ip link add eth0 type veth peer name wire
ip link add link eth0 mt0 type macvtap
ip link add br0 type bridge
ip link set mt0 master br0
