# the bridge has the smallest MTU of its ports
# engine: bridge
# needs: bridge
ip link add br0 type bridge
attr br0 mtu
port d1 mtu 1400 master br0
attr br0 mtu
port d2 mtu 1300 master br0
attr br0 mtu
ip link set d1 mtu 1200
attr br0 mtu
ip link del d1
attr br0 mtu
ip link set d2 mtu 9000
attr br0 mtu
ip link del d2
attr br0 mtu
