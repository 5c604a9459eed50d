# groups by hand, permanent and temporary, IPv4, IPv6 and by MAC
# engine: bridge
# needs: bridge
star 2
bridge mdb add dev br0 port p1 grp 239.1.1.1
bridge mdb add dev br0 port p2 grp 239.1.1.1 permanent
bridge mdb add dev br0 port p1 grp ff15::1 permanent
bridge mdb add dev br0 port p1 grp 01:00:5e:01:01:01 permanent
bridge mdb add dev br0 port p2 grp 239.1.1.2 temp
#: sort
bridge mdb show
#: sort
bridge -d mdb show dev br0
bridge -j mdb show | jq -c '.[].mdb|sort_by(.grp, .port)'
bridge mdb del dev br0 port p2 grp 239.1.1.1
bridge mdb del dev br0 port p1 grp 01:00:5e:01:01:01
#: sort
bridge mdb show
ip link set p1 nomaster
bridge mdb show
