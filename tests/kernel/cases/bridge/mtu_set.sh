# an MTU that was set stays
# engine: bridge
# needs: bridge
ip link add br0 type bridge
ip link set br0 mtu 1450
port d1 mtu 1300 master br0
attr br0 mtu
ip link set br0 mtu 9000
attr br0 mtu
ip link set d1 mtu 1280
attr br0 mtu
ip link add br1 mtu 1440 type bridge
port d2 mtu 1600 master br1
attr br1 mtu
ip link set br1 mtu 67
ip link set br1 mtu 65536
