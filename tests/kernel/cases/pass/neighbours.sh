# neighbours go to the kernel
ip link add va type veth peer name vb
ip link set va up
ip addr add 10.0.0.1/24 dev va
ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev va
ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:03 dev va
ip -4 -j neigh
ip neigh change 10.0.0.2 lladdr 02:00:00:00:00:04 dev va nud stale
ip -4 neigh
ip neigh del 10.0.0.2 dev va
ip neigh del 10.0.0.9 dev va
