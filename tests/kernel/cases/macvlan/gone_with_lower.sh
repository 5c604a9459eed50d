# when the lower device's deletion is answered, what stood on it is gone, too
# needs: macvlan macvtap
ip link add eth0 type veth peer name wire
ip link add link eth0 mva type macvlan
ip link add link eth0 mvt type macvtap
ip link del eth0
grep -c : /proc/net/dev
ls /sys/class/net
