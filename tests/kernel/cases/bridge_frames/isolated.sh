# isolated ports do not hear each other
# engine: bridge
# needs: bridge
star 4
bridge link set dev p1 isolated on
bridge link set dev p2 isolated on
deliver h1:a,all h2:b,all h3:c,all h1:a,b h1:a,c h3:c,a h1:a,239.1.1.1 h1:a,@br0 br0:q,all br0:q,a h4:d,b
bridge link set dev p2 isolated off
deliver h1:a,b h2:b,a
