# bridge fdb flush with filters
# engine: bridge
# needs: bridge
star 2
deliver h1:a,all h2:b,all h2:c,all
bridge fdb add 02:00:00:00:00:0d dev p1 master static
bridge fdb add 02:00:00:00:00:0e dev p2 master static sticky
bridge fdb add 02:00:00:00:00:0f dev p2 master extern_learn
bridge fdb flush dev br0 brport p1 dynamic
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
bridge fdb flush dev br0 sticky
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
bridge fdb flush dev p2 master nostatic nopermanent noextern_learn
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
bridge fdb flush dev br0 extern_learn
#: sort
bridge fdb show br br0 | grep 02:00:00:00:00
bridge fdb flush dev br0 permanent
#: sort
bridge fdb show br br0 | grep -v self
bridge fdb flush dev br0
#: sort
bridge fdb show br br0 | grep -v self
