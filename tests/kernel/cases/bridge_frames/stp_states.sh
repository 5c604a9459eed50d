# with a spanning tree a port listens and learns before it forwards
# engine: bridge
# needs: bridge
star 2 hello_time 100 forward_delay 200
ip link set br0 type bridge stp_state 1
ip link set p2 down
ip link set p2 up
await has state=listening attr p2 state
deliver h1:a,b h2:b,a
await has state=learning attr p2 state
deliver h2:b,a h1:a,b
