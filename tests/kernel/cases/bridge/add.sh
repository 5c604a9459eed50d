# a bridge is made with Linux's defaults
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
ip -d -j link show br0
ip -d link show br0
ip link show type bridge
ip link set br0 up
ip -j link show br0
ip link del br0
ip -br link
