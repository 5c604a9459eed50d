# one end down: the other has no carrier
ip link add va type veth peer name vb
ip -j link show va
ip link set va up
await has NO-CARRIER ip link show va
ip link show va
ip link show vb
ip -j link
ip link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip link show vb
ip link show va
ip -j link
cat /sys/class/net/va/carrier /sys/class/net/va/operstate
ip link set va down
await has NO-CARRIER ip link show vb
ip -j link show vb
ip link show va
cat /sys/class/net/vb/carrier
