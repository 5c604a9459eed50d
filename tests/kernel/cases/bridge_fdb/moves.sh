# a station that moves is found where it spoke last
# engine: bridge
# needs: bridge
star 3
deliver h1:a,all h3:c,a h2:a,all h3:c,a h1:a,all h3:c,a
bridge fdb show dynamic | sort
