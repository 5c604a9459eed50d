# a device is born into a bridge
# engine: bridge
# needs: bridge
ip link add br0 type bridge
ip link add va master br0 type veth peer name vb
ip -br link show master br0 | cut -d@ -f1
port d0 master br0
ip -br link show master br0 | cut -d@ -f1
port d1 master br9
port d2 master d0
ip -br link | cut -d' ' -f1
