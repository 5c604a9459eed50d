# a port is promiscuous as long as it must be
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
ip link add va type veth peer name vb
ip link add vc type veth peer name vd
attr va promiscuity allmulti
ip link set va master br0
attr va promiscuity allmulti
ip link set vc master br0
attr va promiscuity allmulti
bridge link set dev va learning off flood off
attr va promiscuity
bridge link set dev vc learning off flood off
attr va promiscuity
attr vc promiscuity
ip link set br0 promisc on
attr br0 promiscuity
attr vc promiscuity
ip link set va nomaster
attr va promiscuity allmulti
