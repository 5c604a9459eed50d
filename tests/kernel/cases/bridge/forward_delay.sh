# forward_delay has limits only where a spanning tree runs
# needs: bridge
ip link add br0 type bridge
ip link set br0 type bridge forward_delay 0
attr br0 forward_delay
ip link set br0 type bridge forward_delay 5000
attr br0 forward_delay
ip link set br0 type bridge forward_delay 1500
ip link set br0 type bridge stp_state 1
ip link set br0 type bridge forward_delay 199
ip link set br0 type bridge forward_delay 3001
ip link set br0 type bridge forward_delay 200
attr br0 forward_delay stp_state
