# to-include of nothing is asked about, and its time is short
# needs: bridge
star 2 mcast_querier 1 mcast_igmp_version 3 mcast_last_member_interval 50
mcast send h1 igmp3,is_ex/239.1.1.1
mcast send h2 igmp3,is_ex/239.1.1.1
await has 'port p2' bridge -d mdb
await has 'port p1' bridge -d mdb
mcast hear h1 3 4 >asked &
sleep 0.3
mcast send h1 igmp3,to_in/239.1.1.1
await lacks 'port p1' bridge -d mdb
sleep 0.3
kill $!
grep ef010101 asked
bridge -d mdb show
