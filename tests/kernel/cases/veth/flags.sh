# flags are set and shown
ip link add va type veth peer name vb
ip link set va arp off multicast off allmulticast on promisc on
ip -j link show va
ip link set va arp on multicast on allmulticast off promisc off dynamic on trailers on
ip -j link show va
ip link set va mode dormant
ip link show va
ip link set va state down
ip link show va
