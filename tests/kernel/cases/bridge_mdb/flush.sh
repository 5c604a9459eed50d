# bridge mdb flush: which entries go
# engine: bridge
# needs: bridge
star 2 mcast_igmp_version 3
fill() { bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent; bridge mdb add dev br0 port p1 grp 239.1.1.2; bridge mdb add dev br0 port p2 grp 239.1.1.1; bridge mdb add dev br0 port br0 grp 239.1.1.3; bridge mdb add dev br0 port p2 grp 01:02:03:00:00:05 permanent; bridge mdb add dev br0 port br0 grp 01:02:03:00:00:06 permanent; bridge mdb add dev br0 port p2 grp ff05::5 permanent; bridge mdb add dev br0 port p2 grp 239.1.1.4 permanent filter_mode exclude source_list 10.0.0.1,10.0.0.2 proto zebra; }
fill
#: sort
bridge mdb show
mdbflush br0 dev p1
#: sort
bridge mdb show
fill
mdbflush br0 dev br0
#: sort
bridge mdb show
fill
mdbflush br0 permanent
#: sort
bridge mdb show
fill
mdbflush br0 nopermanent
#: sort
bridge mdb show
fill
mdbflush br0 protocol 11
#: sort
bridge mdb show
fill
mdbflush br0 dev p2 permanent protocol 4
#: sort
bridge mdb show
fill
mdbflush br0 vid 5
mdbflush br0 dev h1
#: sort
bridge mdb show
mcast send h1 igmp3,is_in/239.1.1.9/10.0.0.1 igmp2,239.1.1.8
await has 239.1.1.8 bridge mdb show
mdbflush br0 protocol 2
#: sort
bridge mdb show
mdbflush br0
#: sort
bridge mdb show
