# what ethtool asks is answered by the mirror's driver
# differs: driver: the mirror is a tap
ip link add va type veth peer name vb
ethtool -i va | head -1
