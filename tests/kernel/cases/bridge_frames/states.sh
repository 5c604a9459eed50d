# what a port does in each state
# engine: bridge
# needs: bridge
star 3
bridge link set dev p1 state disabled
deliver h1:a,all h2:b,all h2:b,a br0:q,all
bridge link set dev p1 state blocking
deliver h1:a,all h2:b,all
bridge link set dev p1 state listening
deliver h1:a,all h2:b,all
bridge link set dev p1 state learning
deliver h1:a,all h2:b,a h2:b,all
bridge fdb show dynamic | grep p1
bridge link set dev p1 state forwarding
deliver h2:b,a h1:a,b
