# iproute2's own refusals do not change
ip link add
ip link add va
ip link set
ip link set va mtu
ip link del
ip link frobnicate
ip netns frobnicate
ip tuntap frobnicate
