# who excludes is in every (S,G) that others bring about
# needs: bridge
star 3 mcast_igmp_version 3
show() { await has "$1" bridge -d mdb; bridge -d mdb show | sed -E 's,/2[56][0-9]\.[0-9]+,/long,g; s,/[01]\.[0-9]*[1-9][0-9]*,/soon,g'; }
mcast send h1 igmp3,is_in/239.1.1.1/10.0.0.1/10.0.0.2
#: sort
show 10.0.0.2
mcast send h2 igmp3,is_ex/239.1.1.1/10.0.0.2
#: sort
show 'port p2'
mcast send h3 igmp3,is_ex/239.1.1.1
#: sort
show 'port p3'
bridge mdb del dev br0 port p1 grp 239.1.1.1
#: sort
bridge -d mdb show | sed -E 's,/2[56][0-9]\.[0-9]+,/long,g; s,/[01]\.[0-9]*[1-9][0-9]*,/soon,g'
bridge mdb del dev br0 port p2 grp 239.1.1.1
#: sort
bridge -d mdb show | sed -E 's,/2[56][0-9]\.[0-9]+,/long,g; s,/[01]\.[0-9]*[1-9][0-9]*,/soon,g'
