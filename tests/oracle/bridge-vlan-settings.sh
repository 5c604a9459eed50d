# the bridge's settings for VLANs
# engine: bridge vlan_filtering
# differs: per_port.0 asked for again as it is: nothing changes
ip link add br0 type bridge
attr br0 vlan_filtering vlan_stats_enabled vlan_stats_per_port mcast_vlan_snooping
ip link set br0 type bridge vlan_filtering 1 vlan_stats_enabled 1 vlan_stats_per_port 1
attr br0 vlan_filtering vlan_stats_enabled vlan_stats_per_port
ip link set br0 type bridge vlan_filtering 2
attr br0 vlan_filtering
ip link set br0 type bridge vlan_stats_enabled 2
ip link set br0 type bridge vlan_stats_per_port 0
port va master br0
ip link set br0 type bridge vlan_stats_per_port 1
ip link set br0 type bridge vlan_stats_per_port 0
ip link set br0 type bridge vlan_filtering 0
attr br0 vlan_filtering vlan_stats_per_port
