# a port's and a bridge's stations are flushed by ip link
# engine: bridge
# needs: bridge
star 2
deliver h1:a,b h2:b,a
bridge fdb add 02:00:00:00:00:0c dev p1 master static
ip link set p1 type bridge_slave fdb_flush
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
deliver h1:a,b
ip link set br0 type bridge fdb_flush
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
deliver h1:c,b h2:b,c
ip link set p2 down
#: sort
bridge fdb show dynamic
