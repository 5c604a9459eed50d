# what ethtool asks is answered by the mirror's driver
ip link add va type veth peer name vb
ethtool -i va | head -1
