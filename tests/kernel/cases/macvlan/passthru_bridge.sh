# a bridge below a passthru device takes the address that this gets, for good
# needs: bridge macvlan
ip link add br0 type bridge vlan_default_pvid 0
ip link add link br0 mva type macvlan mode passthru
ip link set mva address 02:00:00:00:00:0a
attr br0 address bridge_id
bridge fdb get 02:00:00:00:00:0a br br0
ip link add va address 02:00:00:00:00:01 master br0 type veth peer name vb
attr br0 address bridge_id
