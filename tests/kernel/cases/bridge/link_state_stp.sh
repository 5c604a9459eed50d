# where the kernel's spanning tree runs a port's state is its own
# engine: bridge
# needs: bridge
star 2
ip link set br0 type bridge stp_state 1
bridge link set dev p1 state 3
bridge link set dev p1 state 0
bridge link set dev p1 guard on cost 5
attr p1 guard cost
ip link set br0 type bridge stp_state 0
bridge link set dev p1 state 0
attr p1 state
