# ports get the lowest number that is free
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
for i in 1 2 3 4; do port d$i master br0; done
for i in 1 2 3 4; do attr d$i port_no port_id; done
ip link set d2 nomaster
port d5 master br0
attr d5 port_no port_id designated_port
ip link set d2 master br0
attr d2 port_no port_id designated_port
