# what is heard of a port's changes
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
port va address 02:00:00:00:00:0a
stdbuf -oL bridge monitor link >log &
stir log 'ip link set lo down; ip link set lo up; ip link set va alias $i'
ip link set va master br0
await grep -aq 'master br0' log
bridge link set dev va hairpin on
await eval 'bridge -d link show dev va | grep -q "hairpin on"'
ip link set va nomaster
await grep -aq Deleted log
grep -a 'master br0' log | sort -u
