# mcast_stats_enabled: IGMP and MLD are counted, by the bridge and by each port
# needs: bridge
sysctl -qw net.ipv4.igmp_link_local_mcast_reports=0
star 2 mcast_igmp_version 3 mcast_mld_version 2
mcast send h1 igmp2,239.1.1.1
await has 239.1.1.1 bridge mdb
ip link set br0 type bridge mcast_stats_enabled 1
mcast send h1 igmp1,239.1.2.1 igmp2,239.1.2.2 leave,239.1.2.2 igmp3,is_ex/239.1.2.3 igmp3,is_ex/239.1.2.3,cut=4,len=36 igmp2,239.1.2.4,badsum
mcast send h1 query,239.1.1.1,code=0 query,239.1.1.1,code=10 queryv3,239.1.1.1 query,0.0.0.0,to=239.1.1.1 pim mrd igmp-unknown,239.1.1.1
mcast send h1 mld1,ff05::1 done,ff05::1 mld2,is_ex/ff05::2 mquery,ff05::1 mqueryv2,ff05::1 mquery,::,src=2001:db8::1 mld1,ff05::3,badsum mrd6
mcast send h1 udp,239.3.3.4 udp,ff05::9
mcast send h2 igmp2,239.1.9.9 udp,239.3.3.4
await has 239.1.9.9 bridge mdb
mcast send br0 igmp2,239.1.9.8 queryv3,0.0.0.0,src=10.0.0.9
await has 239.1.9.8 bridge mdb
ip link xstats type bridge dev br0
ip link xstats type bridge_slave dev p1
ip link xstats type bridge_slave dev p2
ip -j stats show dev p1 group xstats_slave subgroup bridge suite mcast
ip link set br0 type bridge mcast_stats_enabled 0
mcast send h1 igmp2,239.1.7.7
await has 239.1.7.7 bridge mdb
ip link xstats type bridge_slave dev p1
ip link set p2 nomaster
ip link set p2 master br0
ip link xstats type bridge_slave dev p2
