# the VLAN protocol decides which group is the bridge's own, and which of customers' pass
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
attr br0 group_addr vlan_protocol
deliver h1:a,01:80:c2:00:00:00 h1:a,01:80:c2:00:00:01 h1:a,01:80:c2:00:00:02 h1:a,01:80:c2:00:00:08 h1:a,01:80:c2:00:00:0b h1:a,01:80:c2:00:00:0d h1:a,01:80:c2:00:00:0e h1:a,01:80:c2:00:00:0f
ip link set br0 type bridge vlan_protocol 802.1ad
attr br0 group_addr vlan_protocol
deliver h1:a,01:80:c2:00:00:00 h1:a,01:80:c2:00:00:01 h1:a,01:80:c2:00:00:02 h1:a,01:80:c2:00:00:08 h1:a,01:80:c2:00:00:0b h1:a,01:80:c2:00:00:0c h1:a,01:80:c2:00:00:0d h1:a,01:80:c2:00:00:0e h1:a,01:80:c2:00:00:0f
ip link set br0 type bridge group_fwd_mask 0x100
deliver h1:a,01:80:c2:00:00:08
ip link set br0 type bridge vlan_filtering 0
attr br0 group_addr vlan_protocol
deliver h1:a,01:80:c2:00:00:08 h1:a,01:80:c2:00:00:0b
ip link set br0 type bridge group_address 01:80:c2:00:00:0d
ip link set br0 type bridge vlan_filtering 1
attr br0 group_addr vlan_protocol
deliver h1:a,01:80:c2:00:00:00 h1:a,01:80:c2:00:00:0b h1:a,01:80:c2:00:00:0d
ip link add br1 type bridge vlan_filtering 1 vlan_protocol 802.1ad
attr br1 group_addr
