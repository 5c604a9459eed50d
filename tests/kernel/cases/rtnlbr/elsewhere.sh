# what happens to a bridge is heard where the bridge is, and nowhere else
# engine: bridge
# needs: bridge
ip netns add n1
ip netns exec n1 stdbuf -oL bridge monitor all >there &
stdbuf -oL bridge monitor all >here &
stir there 'ip -n n1 link set lo down; ip -n n1 link set lo up; ip -n n1 link add x type veth peer y; ip -n n1 link del x'
stir here 'ip link set lo down; ip link set lo up; ip link add x type veth peer y; ip link del x'
ip -n n1 link add br0 type bridge
ip -n n1 link add p1 type veth peer name h1
ip -n n1 link set p1 master br0
ip netns exec n1 bridge fdb add 02:00:00:00:00:0a dev p1 master static
ip netns exec n1 bridge fdb del 02:00:00:00:00:0a dev p1 master
await grep -aq 'Deleted 02:00:00:00:00:0a' there
grep -a -o 'Deleted 02:00:00:00:00:0a dev p1' there | head -1
grep -a -c 'p1' here
