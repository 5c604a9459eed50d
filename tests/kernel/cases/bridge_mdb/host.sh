# groups that the bridge itself joins
# engine: bridge
# needs: bridge
star 1
bridge mdb add dev br0 port br0 grp 239.1.1.1 permanent
bridge mdb add dev br0 port br0 grp 239.1.1.1
bridge mdb add dev br0 port br0 grp 239.1.1.2 temp
#: sort
bridge mdb show
bridge mdb del dev br0 port br0 grp 239.1.1.1
bridge mdb del dev br0 port br0 grp 239.1.1.1
bridge mdb show
