# a macvtap and macvlans on one device
# needs: macvtap
ip link add eth0 type veth peer name wire
ip link add link eth0 mt0 type macvtap mode bridge
ip link add link mt0 mv0 type macvlan mode private
ip link add link mv0 mt1 type macvtap mode vepa bcqueuelen 2000
ip -d link show mt0
ip -d link show mv0
ip -d link show mt1
ip link set mt0 type macvtap mode private
ip -d link show mt0
ip link del wire
ip link
