# fastleave with IGMPv3: what is told of sources and groups that the last host has left
# engine: bridge
# needs: bridge
star 1 mcast_igmp_version 3
ip link set p1 type bridge_slave fastleave on
stdbuf -oL bridge -d monitor mdb >log &
stir log 'bridge mdb add dev br0 port p1 grp 239.9.9.9 permanent; bridge mdb del dev br0 port p1 grp 239.9.9.9'
mcast send h1 igmp3,is_in/239.1.1.3/10.1.1.1/10.1.1.2,src=10.0.0.11 igmp3,is_in/239.1.1.3/10.1.1.2,src=10.0.0.12
await has 239.1.1.3 cat log
mcast send h1 igmp3,to_in/239.1.1.3/10.1.1.4,src=10.0.0.11 igmp3,block/239.1.1.3/10.1.1.2,src=10.0.0.12
mcast send h1 igmp3,to_in/239.1.1.3,src=10.0.0.11 igmp2,239.2.2.2
await has 239.2.2.2 cat log
grep -v 239.9.9.9 log | sed -E 's,/2[56][0-9]\.[0-9]+,/long,g; s,/[01]\.[0-9]*[1-9][0-9]*,/soon,g'
