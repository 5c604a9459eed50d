# a locked port lets in whom it knows
# engine: bridge
# needs: bridge
star 2
bridge link set dev p1 locked on
deliver h1:a,b h1:a,all h1:a,@br0 h2:b,a
bridge fdb add 02:00:00:00:00:0a dev p1 master static
deliver h1:a,b h1:c,b
bridge link set dev p1 learning off
bridge fdb add 02:00:00:00:00:0d dev p2 master static
deliver h1:d,b h1:a,b h1:a,01:80:c2:00:00:0e
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
