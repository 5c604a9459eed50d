# several attributes in one request, and none kept of a refused one
ip link add va type veth peer name vb
ip link set va up mtu 1300 address 02:00:00:00:00:01 alias one txqueuelen 10 group 3
ip -j link show va
ip link set va mtu 1200 address 01:00:00:00:00:01
ip -j link show va
