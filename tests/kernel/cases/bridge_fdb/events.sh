# what is heard of stations
# engine: bridge
# needs: bridge
star 2
stdbuf -oL bridge monitor fdb >log &
stir log 'bridge fdb add 02:00:00:00:00:ff dev p1 master static; bridge fdb del 02:00:00:00:00:ff dev p1 master'
bridge fdb add 02:00:00:00:00:0a dev p1 master static
bridge fdb replace 02:00:00:00:00:0a dev p2 master static
bridge fdb del 02:00:00:00:00:0a dev p2 master
deliver h1:b,all
await grep -aq '00:00:0b.*p1' log
deliver h2:b,all
await grep -aq '00:00:0b.*p2' log
ip link set p2 nomaster
await grep -aq 'Deleted.*01:02.*p2' log
grep -a -v 'ff dev' log | grep -av 'Deleted.*p2'
#: sort
grep -a 'Deleted.*p2' log
