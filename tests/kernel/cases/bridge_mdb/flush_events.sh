# bridge mdb flush: what is told of what goes
# engine: bridge
# needs: bridge
star 2 mcast_igmp_version 3
bridge mdb add dev br0 port p1 grp 239.1.1.3 permanent
bridge mdb add dev br0 port p2 grp 239.1.1.1 permanent filter_mode exclude source_list 10.0.0.1,10.0.0.2
bridge mdb add dev br0 port br0 grp 239.1.1.2
stdbuf -oL bridge monitor mdb >log &
stir log 'bridge mdb add dev br0 port p1 grp 239.9.9.9; bridge mdb del dev br0 port p1 grp 239.9.9.9'
mdbflush br0
bridge mdb add dev br0 port p1 grp 239.8.8.8
await has 239.8.8.8 cat log
grep -v 239.9.9.9 log
