# hundreds of groups are told of
# needs: bridge
star 2
for i in $(seq 200); do echo "mdb add dev br0 port p1 grp 239.1.2.$i permanent"; echo "mdb add dev br0 port p2 grp 239.1.2.$i temp"; done >batch
bridge -batch batch
bridge mdb show | sort
bridge mdb show | wc -l
