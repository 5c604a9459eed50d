# ip monitor link tells of enslaving and release
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
port va address 02:00:00:00:00:0a
stdbuf -oL ip monitor link >log &
stir log 'ip link set lo down; ip link set lo up'
ip link set va master br0
await grep -aq 'va.*master br0' log
ip link set va nomaster
ip link set lo alias the-end
await grep -aq the-end log
#: set
grep -a -o ': va.*' log
