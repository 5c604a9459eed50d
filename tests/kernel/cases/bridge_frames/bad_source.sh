# a multicast or empty source is no station
# engine: bridge
# needs: bridge
star 2
deliver h1:01:00:5e:01:02:03,b h1:ff:ff:ff:ff:ff:ff,b h1:00:00:00:00:00:00,b h2:b,all h1:a,00:00:00:00:00:00
#: sort
bridge fdb show dynamic
