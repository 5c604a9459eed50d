# a bridge is made with Linux's defaults
# differs: vlan_(default_pvid|protocol|stats) this kernel has no VLAN filtering, a yard has
# differs: -d.link.show.br0\n.*vlan_filtering the same in words
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
ip -d -j link show br0
ip -d link show br0
ip link show type bridge
ip link set br0 up
attr br0 mtu qdisc address
ip link del br0
ip -br link
