# a port that was released is a device of its own
# engine: bridge
# needs: bridge
star 3
ip link set p3 nomaster
deliver -on h1,h2,h3,p3 h1:a,all h3:c,all
ip link set p3 master br0
await has forwarding bridge link show dev p3
deliver h1:a,all h3:c,all
ip link del br0
deliver -on h1,h2,p1 h1:a,all h2:b,all
