# reorder_hdr, gvrp, mvrp, loose_binding and bridge_binding
# engine: vlan
port va
ip link add link va va.5 type vlan id 5
attr va.5 flags
ip -d link show va.5 | grep -o '<[^>]*> addrgen\|vlan.*<[^>]*>'
ip link set va.5 type vlan reorder_hdr off
ip -d link show va.5 | grep -o 'vlan.*<[^>]*>'
ip link set va.5 type vlan loose_binding on
ip -d link show va.5 | grep -o 'vlan.*<[^>]*>'
ip link set va.5 type vlan reorder_hdr on loose_binding off
ip -d link show va.5 | grep -o 'vlan.*<[^>]*>'
ip link set va.5 type vlan bridge_binding on
ip link add link va va.6 type vlan id 6 reorder_hdr off loose_binding on
ip -d link show va.6 | grep -o 'vlan protocol[^<]*'
ip link set va.5 type vlan reorder_hdr maybe
