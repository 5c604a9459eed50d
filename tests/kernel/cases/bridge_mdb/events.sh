# what is heard of groups
# engine: bridge
# needs: bridge
star 1
stdbuf -oL bridge monitor mdb >log &
stir log 'bridge mdb add dev br0 port p1 grp 239.9.9.9 permanent; bridge mdb del dev br0 port p1 grp 239.9.9.9'
bridge mdb add dev br0 port p1 grp 239.1.1.1 permanent
bridge mdb del dev br0 port p1 grp 239.1.1.1
deliver h1:a+239.1.1.2
await grep -aq 239.1.1.2 log
grep -a -v 239.9.9.9 log
