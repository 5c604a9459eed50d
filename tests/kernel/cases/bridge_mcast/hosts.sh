# fastleave with IGMPv3: the last of several hosts has left
# needs: bridge
star 1 mcast_igmp_version 3
ip link set p1 type bridge_slave fastleave on
show() { await $1 "$2" bridge -d mdb; rawlink port p1 38; bridge -d mdb show | sed -E 's,/2[56][0-9]\.[0-9]+,/long,g; s,/[01]\.[0-9]*[1-9][0-9]*,/soon,g'; }
mcast send h1 igmp3,is_ex/239.1.1.1,src=10.0.0.11 igmp3,is_ex/239.1.1.1,src=10.0.0.12 igmp3,is_ex/239.1.1.2,src=10.0.0.12
show has 239.1.1.2
mcast send h1 igmp3,to_in/239.1.1.1,src=10.0.0.11 igmp2,239.2.2.1
show has 239.2.2.1
mcast send h1 igmp3,to_in/239.1.1.1,src=10.0.0.12
show lacks 239.1.1.1
mcast send h1 igmp3,is_in/239.1.1.3/10.1.1.1/10.1.1.2,src=10.0.0.11 igmp3,is_in/239.1.1.3/10.1.1.2/10.1.1.3,src=10.0.0.12 igmp2,239.2.2.2
show has 239.2.2.2
mcast send h1 igmp3,block/239.1.1.3/10.1.1.1/10.1.1.2,src=10.0.0.11 igmp2,239.2.2.3
show has 239.2.2.3
mcast send h1 igmp3,block/239.1.1.3/10.1.1.2/10.1.1.3,src=10.0.0.12
show lacks 239.1.1.3
mcast send h1 igmp3,is_ex/239.1.1.4/10.1.1.1,src=10.0.0.11 igmp3,is_ex/239.1.1.4/10.1.1.1/10.1.1.2,src=10.0.0.12 igmp2,239.2.2.4
show has 239.2.2.4
mcast send h1 igmp3,allow/239.1.1.4/10.1.1.2,src=10.0.0.12 igmp2,239.2.2.5
show has 239.2.2.5
mcast send h1 igmp3,to_in/239.1.1.4/10.1.1.7,src=10.0.0.11 igmp2,239.2.2.6
show has 239.2.2.6
mcast send h1 igmp3,to_in/239.1.1.4,src=10.0.0.12 igmp2,239.2.2.7
show has 239.2.2.7
mcast send h1 igmp3,to_in/239.1.1.4/10.1.1.8,src=10.0.0.11 igmp2,239.2.2.8
show has 239.2.2.8
mcast send h1 igmp3,to_in/239.1.1.4,src=10.0.0.11
show lacks 239.1.1.4
ip link set p1 down
rawlink port p1 38
