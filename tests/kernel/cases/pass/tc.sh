# queueing disciplines of a pair and a tap
ip link add va type veth peer name vb
ip tuntap add t0 mode tap
tc qdisc show
ip link set va up
ip link set vb up
ip link set t0 up
tc qdisc show dev va
tc qdisc show dev vb
tc -j qdisc show dev va
tc class show dev va
tc filter show dev va
tc qdisc show dev nothing
tc qdisc del dev va root
tc qdisc add dev va root nosuchqdisc
