# multicast addresses of a device
ip link add va type veth peer name vb
ip maddr add 33:33:00:00:00:99 dev va
ip maddr show dev va | grep 99
ip maddr del 33:33:00:00:00:99 dev va
ip maddr show dev va | grep -c 99
