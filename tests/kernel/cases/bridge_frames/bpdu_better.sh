# a better root is believed, and its port is the root port
# engine: bridge
# needs: bridge
star 2 hello_time 100 forward_delay 200
ip link set br0 type bridge stp_state 1
deliver -on h2 h1:a#1000020000000001,7,2000020000000002,8005
await has '"root_port":1' ip -d -j link show br0
attr br0 root_id bridge_id root_port root_path_cost
attr p1 designated_port designated_cost
ip -d -j link show p1 | jq -c '.[0].linkinfo.info_slave_data | [.root_id, .bridge_id, .designated_port, .designated_cost, .state]'
ip -d -j link show p2 | jq -c '.[0].linkinfo.info_slave_data | [.root_id, .bridge_id, .designated_port, .designated_cost]'
brctl showstp br0 | grep -v timer
