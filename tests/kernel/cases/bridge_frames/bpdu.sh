# the first BPDU of a root, and what a bridge does with its own
# engine: bridge
# needs: bridge
star 2 hello_time 100 priority 4096
ip link set br0 type bridge stp_state 1
deliver -on h1 -hear bpdu -first 1
deliver -on h2 -hear bpdu -first 2
attr br0 stp_state root_id bridge_id root_port root_path_cost
attr p1 state
