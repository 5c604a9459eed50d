# the sender's MTU decides, and the receiver takes what it may
# differs: No.buffer.space the frame has left the sender when its receiver refuses it; it is counted as dropped
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add va mtu 3000 type veth peer name vb mtu 1500
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
await has 'state UP' ip link show vb
frames va vb size=1514 size=1515 size=1518 size=1519 size=3014
