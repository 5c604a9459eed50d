# what ethtool asks
ip link add va type veth peer name vb
ethtool -i va | head -1
