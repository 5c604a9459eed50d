# a port where unknown stations are not looked for
# engine: bridge
# needs: bridge
star 3
bridge link set dev p3 flood off
deliver h1:a,b h1:a,all h1:a,239.1.1.1 h3:c,b h1:a,c br0:q,d
