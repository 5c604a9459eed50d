# IGMP that is dropped, and IGMP that is taken all the same
# needs: bridge
star 2
mcast h1 igmp2,239.1.1.1,badsum h2 br0
mcast h1 igmp2,239.1.1.2,cut=1 h2 br0
mcast h1 igmp2,239.1.1.3,cut=4 h2 br0
mcast h1 igmp2,239.1.1.4,badip h2 br0
mcast h1 igmp2,239.1.1.5,len=28 h2 br0
mcast h1 igmp2,239.1.1.6,len=20 h2 br0
mcast h1 udp,239.1.1.1,badip h2 br0
mcast h1 udp,239.1.1.1,len=100 h2 br0
mcast h1 query,0.0.0.0,to=239.1.1.1 h2 br0
mcast h1 igmp3,is_in/239.1.1.7/10.0.0.1,cut=4,len=40 h2 br0
bridge mdb show
mcast h1 igmp2,239.1.2.1,ttl=64 h2 br0
mcast h1 igmp2,239.1.2.2,noopt h2 br0
mcast h1 igmp2,239.1.2.3,src=0.0.0.0 h2 br0
mcast h1 igmp1,239.1.2.4 h2 br0
mcast h1 igmp2,10.0.0.1 h2 br0
mcast h1 igmp2,224.0.0.5 h2 br0
await has 239.1.2.4 bridge mdb
bridge mdb show | grep -v 'grp 10.0.0.1 '
