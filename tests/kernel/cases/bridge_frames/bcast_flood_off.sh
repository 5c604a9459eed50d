# a port that is not given broadcasts
# engine: bridge
# needs: bridge
star 3
bridge link set dev p3 bcast_flood off
deliver h1:a,b h1:a,all h1:a,239.1.1.1 h1:a?10.0.0.3 br0:q,all h3:c,all
