# entries by hand steer frames: static, local, on another port
# engine: bridge
# needs: bridge
star 3
bridge fdb add 02:00:00:00:00:0b dev p2 master static
bridge fdb add 02:00:00:00:00:0c dev p3 master local
bridge fdb add 02:00:00:00:00:0d dev br0 self local
deliver h1:a,b h1:a,c h1:a,d h2:x,c
bridge fdb replace 02:00:00:00:00:0b dev p3 master static
deliver h1:a,b br0:q,b
bridge fdb del 02:00:00:00:00:0b dev p3 master
deliver h1:a,b
