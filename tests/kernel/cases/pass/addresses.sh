# addresses of all sorts go to the kernel
ip link add va type veth peer name vb
ip addr add 10.0.0.1/24 brd + dev va label va:one
ip addr add 10.0.0.2/24 dev va
ip addr add 10.0.1.1 peer 10.0.1.2 dev va
ip addr add 10.0.0.1/24 dev va
ip addr add fd00::1/64 dev va
ip addr add 10.0.0.3/33 dev va
ip addr add 300.0.0.1/24 dev va
ip addr del 10.9.9.9/24 dev va
ip -4 -j addr show va
ip -4 addr show va
ip addr change 10.0.0.2/24 dev va valid_lft 1000 preferred_lft 500
ip -4 addr show va
ip addr flush dev va
ip -4 addr show va
