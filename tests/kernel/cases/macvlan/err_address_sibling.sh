# an address twice
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link eth0 mva address 02:00:00:00:00:0a up type macvlan
ip link add link eth0 mvb address 02:00:00:00:00:0a type macvlan
ip link set mvb up
ip link set mvb address 02:00:00:00:00:0b
ip link set mvb up
ip link set mvb address 02:00:00:00:00:0a
ip link set mva down
ip link set mvb address 02:00:00:00:00:0a
ip link set mva up
ip link
