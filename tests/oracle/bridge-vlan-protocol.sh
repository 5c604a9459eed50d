# vlan_protocol is 802.1Q or 802.1ad
# engine: bridge vlan_filtering
ip link add br0 type bridge vlan_filtering 1
attr br0 vlan_protocol vlan_filtering
ip link set br0 type bridge vlan_protocol 802.1ad
attr br0 vlan_protocol
ip link set br0 type bridge vlan_protocol 0x9100
ip link set br0 type bridge vlan_protocol nonsense
attr br0 vlan_protocol
ip link add br1 type bridge vlan_protocol 802.1ad vlan_filtering 1
attr br1 vlan_protocol
ip link set br0 type bridge vlan_protocol 802.1Q
attr br0 vlan_protocol
