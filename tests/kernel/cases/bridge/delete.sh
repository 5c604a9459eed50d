# deleting a bridge, up or down, with ports or without
# needs: bridge
ip link add br0 type bridge
ip link set br0 up
port d0 master br0
ip link set d0 up
ip link del br0
ip -br link | cut -d' ' -f1
ip link del br0
ip link add br0 type bridge
ip link del br0 type bridge
ip link add br0 type bridge
ip link del br0 type veth
ip link del dev br0 type vxlan
ip -br link | cut -d' ' -f1
