# a port's state is set by hand where no spanning tree runs
# engine: bridge
# needs: bridge
star 2
attr p1 state
bridge link set dev p1 state disabled
attr p1 state
bridge link set dev p1 state listening
attr p1 state
bridge link set dev p1 state 2
attr p1 state
bridge link set dev p1 state 4
bridge link set dev p1 state 3
attr p1 state
bridge link set dev p1 state 5
bridge link set dev p1 state nonsense
ip link set p2 down
bridge link set dev p2 state 3
attr p2 state
ip link set p2 up
await has forwarding bridge link show dev p2
ip link set h2 down
await has NO-CARRIER ip link show p2
bridge link set dev p2 state 3
attr p2 state
