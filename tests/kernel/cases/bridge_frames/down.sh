# ports and bridges that are down
# engine: bridge
# needs: bridge
star 3
ip link set p3 down
deliver h1:a,all h2:b,c
ip link set br0 down
deliver h1:a,b h1:a,all br0:q,all
ip link set br0 up
await has forwarding bridge link show dev p1
await has forwarding bridge link show dev p2
deliver h1:a,b h1:a,all
