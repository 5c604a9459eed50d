# reports make groups, a leave ends one
# engine: bridge
# needs: bridge
star 3 mcast_last_member_interval 10 mcast_last_member_count 1
deliver h1:a+239.1.1.1 h2:b+239.1.1.1 h2:b+ff15::1 h3:c+239.1.1.2
await has 239.1.1.2 bridge mdb
#: sort
bridge mdb show
#: sort
bridge -d -s mdb show | sed 's/[0-9.]*$/TIME/'
ip link set br0 type bridge mcast_querier 1
deliver h1:a-239.1.1.1
await eval 'lacks "p1 grp 239" bridge mdb show'
#: sort
bridge mdb show
ip link set br0 type bridge mcast_snooping 0
bridge mdb show
