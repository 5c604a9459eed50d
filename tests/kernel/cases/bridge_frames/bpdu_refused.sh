# root_block and guard keep a better root out
# engine: bridge
# needs: bridge
star 3 hello_time 100 forward_delay 200
ip link set br0 type bridge stp_state 1
bridge link set dev p1 root_block on
bridge link set dev p2 guard on
deliver -on h3 h1:a#1000020000000001,7,2000020000000002,8005
await has state=listening attr p1 state
attr br0 root_id root_port
attr p1 state
deliver -on h3 h2:a#1000020000000001,7,2000020000000002,8005
await has state=disabled attr p2 state
attr p2 state
attr br0 root_id root_port
