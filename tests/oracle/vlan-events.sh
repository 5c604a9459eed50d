# what is heard of a VLAN device
# engine: vlan
port va
stdbuf -oL ip -d monitor link >log &
stir log 'ip link set lo down; ip link set lo up'
ip link add link va va.5 type vlan id 5
ip link set va.5 type vlan loose_binding on
ip link del va.5
await grep -q Deleted log
#: set
grep 'vlan protocol' log | grep -o 'vlan.*<[^>]*>'
grep -c '^Deleted.*va.5' log
