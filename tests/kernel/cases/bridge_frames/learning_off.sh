# a port that does not learn
# engine: bridge
# needs: bridge
star 3
bridge link set dev p1 learning off
deliver h1:a,all h2:b,a h2:b,all h1:a,b
bridge fdb show dynamic
bridge link set dev p1 learning on
deliver h1:a,all h2:b,a
