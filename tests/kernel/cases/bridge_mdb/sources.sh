# groups with a source, where IGMP is version 3
# engine: bridge
# needs: bridge
star 2 mcast_igmp_version 3 mcast_mld_version 2
bridge mdb add dev br0 port p1 grp 239.1.1.1 src 10.0.0.7 permanent
bridge mdb add dev br0 port p2 grp ff15::1 src fd00::7 permanent
bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent
#: sort
bridge -d mdb show
bridge -d -j mdb show | jq -c '.[].mdb|sort_by(.grp, .port, .src)'
bridge mdb del dev br0 port p1 grp 239.1.1.1 src 10.0.0.7
bridge mdb del dev br0 port p1 grp 239.1.1.1 src 10.0.0.7
#: sort
bridge -d mdb show
