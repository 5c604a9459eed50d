# a queue of 500 unless said otherwise
# needs: macvtap
ip link add eth0 type veth peer name wire
ip link add link eth0 mt0 type macvtap
ip link add link eth0 mt1 txqueuelen 77 type macvtap
ip link show mt0
ip link show mt1
