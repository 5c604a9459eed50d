# an IGMPv2 leave shortens the time of its port alone, and is asked about
# needs: bridge
star 3 mcast_querier 1 mcast_last_member_interval 100
mcast send h2 igmp2,239.1.1.1
mcast send h3 igmp2,239.1.1.1
await has 'port p3' bridge mdb
await has 'port p2' bridge mdb
mcast hear h2 3 2 >asked &
sleep 0.3
mcast send h2 leave,239.1.1.1
await lacks 'port p2' bridge mdb
bridge -d mdb show
wait $!
grep -c ef010101 asked
grep ef010101 asked
