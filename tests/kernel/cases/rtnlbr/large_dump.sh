# a table larger than a datagram is told whole, and nothing twice
# engine: bridge
# needs: bridge
ip link add br0 type bridge vlan_default_pvid 0
ip link add p1 type veth peer name h1
ip link add p2 type veth peer name h2
ip link set p1 master br0
ip link set p2 master br0
for n in {0..2999}; do printf 'fdb add 02:00:00:01:%02x:%02x dev p%d master static\n' $((n / 256)) $((n % 256)) $((n % 2 + 1)); done >many
bridge -b many
bridge fdb show | grep -c ^02:00:00:01
bridge fdb show | grep ^02:00:00:01 | sort | md5sum
bridge fdb show br br0 | grep ^02:00:00:01 | sort | md5sum
bridge fdb show brport p1 | grep ^02:00:00:01 | sort -u | wc -l
bridge -j fdb show br br0 brport p2 | jq '[.[] | select(.mac | startswith("02:00:00:01"))] | length'
brctl showmacs br0 | grep -c 02:00:00:01
brctl showmacs br0 | grep 02:00:00:01 | sort -u | wc -l
bridge fdb flush dev br0 nopermanent
bridge fdb show br br0 | grep -c ^02:00:00:01
