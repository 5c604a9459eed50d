# a port keeps 32 sources of a group
# needs: bridge
star 1 mcast_igmp_version 3
mcast send h1 igmp3,is_in/239.1.1.1$(for i in $(seq 40); do echo -n /10.0.0.$i; done)
await has 10.0.0.32 bridge -d mdb
bridge -d mdb show | grep -c src
bridge -d mdb show | grep -c 10.0.0.33
