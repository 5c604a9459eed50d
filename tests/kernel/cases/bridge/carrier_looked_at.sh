# a bridge that never had a port has a carrier until something makes it look at its ports
# needs: bridge
ip link add br0 type bridge
ip link set br0 up
ip -br link show br0 | cut -c1-30
ip link set br0 type bridge priority 7
await has 'state DOWN' ip link show br0
ip link show br0 | grep -o 'state [A-Z]*'
ip link add br1 up type bridge
ip link set br1 type bridge stp_state 1
await has 'state DOWN' ip link show br1
ip link show br1 | grep -o 'state [A-Z]*'
