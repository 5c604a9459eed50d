# a bridge that is born up with an address has no carrier, so no address of IPv6
# needs: bridge
ip link add br0 address 02:00:00:00:00:0a up type bridge
ip -br link show br0
ip -6 -br addr show br0
