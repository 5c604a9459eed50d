# a static station that speaks elsewhere stays, or moves if it is not sticky
# engine: bridge
# needs: bridge
star 3
bridge fdb add 02:00:00:00:00:0a dev p1 master static
bridge fdb add 02:00:00:00:00:0b dev p1 master static sticky
bridge fdb add 02:00:00:00:00:0d dev p1 master local
deliver h2:a,all h3:c,a h2:b,all h3:c,b h2:d,all h3:c,d
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
