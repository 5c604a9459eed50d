# the root of another user namespace has no say here
ip link add va type veth peer name vb
unshare -Ur ip link add vc type veth peer name vd
unshare -Ur ip link set va up
unshare -Ur ip link del va
unshare -Ur ip -j link show va
unshare -Ur tunctl -t tap9
ip -br link | cut -d' ' -f1
