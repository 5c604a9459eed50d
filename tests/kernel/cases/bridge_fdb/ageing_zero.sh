# with an ageing time of zero nothing is remembered
# engine: bridge
# needs: bridge
star 3 ageing_time 0
deliver h1:a,b h2:b,a h1:a,b
bridge fdb add 02:00:00:00:00:0c dev p3 master static
deliver h1:a,c
