# a bridge without a name, twice, and one whose name is taken
# needs: bridge
ip link add type bridge
ip link add type bridge
ip link add bridge1 type bridge
ip link add name 'br%d' type bridge
ip -br link | cut -d' ' -f1
ip link del bridge0
ip link add type bridge
ip -br link | cut -d' ' -f1
