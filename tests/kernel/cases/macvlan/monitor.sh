# what ip monitor tells
# needs: macvlan
ip link add eth0 type veth peer name wire
stdbuf -oL ip -o monitor link >log 2>&1 & sleep 0.3
stir log "ip link set wire alias x"
ip link add link eth0 mva type macvlan mode bridge
ip link set mva up
ip link set mva type macvlan mode private
ip link del mva
await has Deleted cat log
#: set
grep -o ' mva@eth0: .*macvlan\|Deleted.*mva@eth0' log | sed 's/<.*//'
