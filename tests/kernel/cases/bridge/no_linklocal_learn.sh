# no_linklocal_learn, and what a kernel without VLAN filtering says of it
# needs: bridge
ip link add br0 type bridge no_linklocal_learn 1
attr br0 no_linklocal_learn
ip link set br0 type bridge no_linklocal_learn 0
attr br0 no_linklocal_learn
ip link set br0 type bridge no_linklocal_learn 2
