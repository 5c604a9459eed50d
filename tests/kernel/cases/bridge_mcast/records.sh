# the tables of RFC 3376 6.4, record by record: how a port's state becomes another
# needs: bridge
star 1 mcast_igmp_version 3
show() { await has "$1" bridge -d mdb; bridge -d mdb show | sed -E 's,/2[56][0-9]\.[0-9]+,/long,g; s,/[01]\.[0-9]*[1-9][0-9]*,/soon,g'; }
mcast send h1 igmp3,is_in/239.1.1.1/10.0.0.1
show 10.0.0.1
mcast send h1 igmp3,allow/239.1.1.1/10.0.0.2/10.0.0.3
show 10.0.0.3
mcast send h1 igmp3,is_ex/239.1.1.1/10.0.0.2/10.0.0.4
show 10.0.0.4
mcast send h1 igmp3,allow/239.1.1.1/10.0.0.4/10.0.0.5
show 10.0.0.5
mcast send h1 igmp3,is_ex/239.1.1.1/10.0.0.5/10.0.0.6
show 10.0.0.6
mcast send h1 igmp3,block/239.1.1.1/10.0.0.7
show 10.0.0.7
mcast send h1 igmp3,to_ex/239.1.1.1/10.0.0.7/10.0.0.8
show 10.0.0.8
mcast send h1 igmp3,to_in/239.1.1.1/10.0.0.9
show 10.0.0.9
mcast send h1 igmp3,is_in/239.1.1.2/10.0.0.1+is_ex/239.1.1.3+7/239.1.1.4+allow/239.1.1.5/10.0.0.2
show 239.1.1.5
