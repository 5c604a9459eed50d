# the spanning tree is switched on and off, and 2 is what a daemon sets
# needs: bridge
ip link add br0 type bridge
ip link set br0 type bridge stp_state 1
attr br0 stp_state
ip link set br0 type bridge stp_state 1
ip link set br0 type bridge stp_state 0
attr br0 stp_state
ip link set br0 type bridge stp_state 2
attr br0 stp_state
ip link set br0 type bridge stp_state 99
attr br0 stp_state
