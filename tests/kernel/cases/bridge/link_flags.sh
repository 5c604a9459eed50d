# bridge link set: every switch of a port, on and off
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
port va master br0
for f in guard hairpin fastleave root_block learning flood mcast_flood bcast_flood mcast_to_unicast neigh_suppress isolated locked; do bridge link set dev va $f on && bridge -d -j link show dev va; done
bridge -d link show dev va
for f in guard hairpin fastleave root_block learning flood mcast_flood bcast_flood mcast_to_unicast neigh_suppress isolated locked; do bridge link set dev va $f off && bridge -d -j link show dev va; done
bridge -d link show dev va
ip -d link show va
