# MLD that is dropped, and MLD that is taken all the same
# needs: bridge
star 2
mcast h1 mld1,ff15::1,badsum h2 br0
mcast h1 mld1,ff15::2,cut=1 h2 br0
mcast h1 mquery,::,src=fd00::1 h2 br0
mcast h1 mquery,::,to=ff15::1 h2 br0
mcast h1 udp,ff15::1,len=1000 h2 br0
mcast h1 mld1,ff15::3,noopt h2 br0
bridge mdb show
mcast h1 mld1,ff15::4,ttl=64 h2 br0
mcast h1 mld1,ff15::5,src=:: h2 br0
mcast h1 mld1,ff02::1 h2 br0
await has ff15::5 bridge mdb
bridge mdb show
