# stations are learned up to a limit
# engine: bridge
# needs: bridge
star 2
rawlink limit br0 2
deliver h1:a,all h1:b,all h1:c,all h1:d,all h2:c,a
bridge fdb show dynamic | wc -l
bridge fdb add 02:00:00:00:00:0e dev p1 master static
bridge fdb add 02:00:00:00:00:0f dev p1 master dynamic
bridge fdb show br br0 | grep -c 00:00:0e
ip link set br0 type bridge fdb_flush
deliver h1:d,all
#: sort
bridge fdb show dynamic
