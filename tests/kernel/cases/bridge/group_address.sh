# group_address is one of the link-local ones that are free for it
# needs: bridge
ip link add br0 type bridge
attr br0 group_addr
ip link set br0 type bridge group_address 01:80:c2:00:00:0e
attr br0 group_addr
ip link set br0 type bridge group_address 01:80:c2:00:00:01
ip link set br0 type bridge group_address 01:80:c2:00:00:02
ip link set br0 type bridge group_address 01:80:c2:00:00:03
ip link set br0 type bridge group_address 01:80:c2:00:00:10
ip link set br0 type bridge group_address 02:00:00:00:00:01
ip link set br0 type bridge group_address 01:80:c2
attr br0 group_addr
ip link set br0 type bridge group_address 01:80:c2:00:00:00
ip link add br1 type bridge group_address 01:80:c2:00:00:0f
attr br1 group_addr
