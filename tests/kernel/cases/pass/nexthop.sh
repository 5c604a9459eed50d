# nexthop objects go to the kernel
ip link add va type veth peer name vb
ip link set va up
ip nexthop add id 1 dev va
ip nexthop
ip nexthop add id 1 dev va
ip nexthop del id 9
