# ip link set type bridge_slave: the same switches and those that only it knows
# engine: bridge
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
port va master br0
ip link set va type bridge_slave hairpin on guard on root_block on fastleave on learning off flood off
attr va hairpin guard root_block fastleave learning flood
ip link set va type bridge_slave proxy_arp on proxy_arp_wifi on mcast_flood off bcast_flood off mcast_to_unicast on
attr va proxyarp proxyarp_wifi proxy_arp proxy_arp_wifi mcast_flood bcast_flood mcast_to_unicast
ip link set va type bridge_slave group_fwd_mask 0x10 neigh_suppress on isolated on locked on
attr va group_fwd_mask neigh_suppress isolated locked
ip -d -j link show va
ip link set va type bridge_slave proxy_arp off proxy_arp_wifi off locked off
ip link set va type bridge_slave mcast_fast_leave off
ip link set va type bridge_slave vlan_tunnel on
ip -d link show va
