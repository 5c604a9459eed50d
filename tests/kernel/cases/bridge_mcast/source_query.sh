# a source that is blocked is asked about (whether once or twice is a race in Linux)
# needs: bridge
star 1 mcast_querier 1 mcast_igmp_version 3 mcast_last_member_interval 50
mcast send h1 igmp3,is_in/239.1.1.1/10.0.0.1/10.0.0.2
await has 10.0.0.2 bridge -d mdb
mcast hear h1 3 3 >asked &
sleep 0.3
mcast send h1 igmp3,block/239.1.1.1/10.0.0.1
await lacks 10.0.0.1 bridge -d mdb
sleep 0.3
kill $!
grep ef010101 asked | sort -u
bridge -d mdb show | sed -E 's,/2[56][0-9]\.[0-9]+,/long,g; s,/[01]\.[0-9]*[1-9][0-9]*,/soon,g'
