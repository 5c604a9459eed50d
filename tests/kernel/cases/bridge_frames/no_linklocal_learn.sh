# stations in link-local frames, learned or not
# engine: bridge
# needs: bridge
star 2
deliver h1:a,01:80:c2:00:00:0e
#: sort
bridge fdb show dynamic
ip link set br0 type bridge no_linklocal_learn 1
deliver h1:b,01:80:c2:00:00:0e h1:c,01:80:c2:00:00:00
#: sort
bridge fdb show dynamic
