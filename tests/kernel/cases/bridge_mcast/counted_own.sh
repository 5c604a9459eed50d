# mcast_stats_enabled: the bridge's own queries are sent by ports, and received by the bridge
# needs: bridge
sysctl -qw net.ipv4.igmp_link_local_mcast_reports=0
star 1 mcast_stats_enabled 1
mcast hear h1 4 1 >log & sleep 0.3; ip link set br0 type bridge mcast_querier 1; await test -s log
await has "RX: v1 0 v2 1" ip link xstats type bridge dev br0
ip link xstats type bridge dev br0 | grep -A2 queries
ip link xstats type bridge_slave dev p1 | grep -A2 queries
