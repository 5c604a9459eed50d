# a port that is not given unknown groups
# engine: bridge
# needs: bridge
star 3
bridge link set dev p3 mcast_flood off
deliver h1:a,b h1:a,all h1:a,239.1.1.1 h1:a,224.0.0.5 h1:a,ff15::1 h1:a,09:00:00:00:00:01 br0:q,239.1.1.1
bridge mdb add dev br0 port p3 grp 239.1.1.1 permanent
deliver h1:a,239.1.1.1 h1:a,239.1.1.2
