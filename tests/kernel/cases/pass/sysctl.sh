# sysctls of a device and of the namespace
ip link add va type veth peer name vb
sysctl -w net.ipv4.ip_forward=1
sysctl net.ipv4.conf.va.forwarding
sysctl -w net.ipv4.conf.va.rp_filter=2
sysctl net.ipv4.conf.va.rp_filter
ip netns add n1
ip netns exec n1 sysctl net.ipv4.ip_forward
ip link set va netns n1
sysctl net.ipv4.conf.va.rp_filter
ip netns exec n1 sysctl net.ipv4.conf.va.forwarding
ip -j netconf show dev vb
