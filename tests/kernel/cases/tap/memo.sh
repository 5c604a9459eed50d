# the memo's tap: made by tunctl, up, addressed
tunctl -t tap1
ip link set dev tap1 up
ip addr add 192.168.124.7/24 dev tap1
ip -4 -j addr show tap1
ip route
ip link show tap1
