# a forward_delay out of range is brought back in when the spanning tree starts
# engine: bridge
# needs: bridge
ip link add br0 type bridge forward_delay 0
attr br0 forward_delay
ip link set br0 type bridge stp_state 1
attr br0 forward_delay
ip link set br0 type bridge stp_state 0 forward_delay 9000
attr br0 forward_delay stp_state
ip link set br0 type bridge stp_state 1
attr br0 forward_delay stp_state
ip link add br1 type bridge forward_delay 100 stp_state 1
ip link add br2 type bridge stp_state 1 forward_delay 400
attr br2 forward_delay stp_state
