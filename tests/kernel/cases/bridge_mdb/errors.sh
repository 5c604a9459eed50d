# groups by hand: what is refused
# engine: bridge
# needs: bridge
star 1
port vx
bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent
bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent
bridge mdb add dev br0 port p1 grp 224.0.0.1 permanent
bridge mdb add dev br0 port p1 grp 10.0.0.1
bridge mdb add dev br0 port p1 grp ff02::1
bridge mdb add dev br0 port p1 grp fe80::1
bridge mdb add dev br0 port p1 grp 02:00:00:00:00:0a permanent
bridge mdb add dev br0 port p1 grp 01:00:5e:00:00:05
bridge mdb add dev br0 port vx grp 239.1.1.1
bridge mdb add dev br0 port nothing grp 239.1.1.1
bridge mdb add dev nothing port p1 grp 239.1.1.1
bridge mdb add dev p1 port p1 grp 239.1.1.1
bridge mdb add dev br0 port p1
bridge mdb add dev br0 port p1 grp 239.1.1.3 vid 5000
bridge mdb add dev br0 port p1 grp 239.1.1.3 vid 5
bridge mdb del dev br0 port p1 grp 239.9.9.9
bridge mdb del dev br0 port vx grp 239.1.1.1
bridge mdb add dev br0 port p1 grp 239.1.1.4 src 10.0.0.1
bridge mdb add dev br0 port p1 grp 239.1.1.4 src fe80::1
bridge mdb show
