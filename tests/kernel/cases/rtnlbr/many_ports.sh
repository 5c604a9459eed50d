# more ports than a datagram holds are listed, by index
# engine: bridge
# needs: bridge
ip link add br0 type bridge
for n in {1..40}; do echo "link add p$n type veth peer name h$n"; echo "link set p$n master br0"; done | ip -b -
bridge link | wc -l
bridge link | cut -d' ' -f2- | cut -d@ -f1
bridge -d -j link | jq -r '.[] | "\(.ifname) \(.master) \(.state) \(.learning) \(.cost) \(.priority)"'
ip -br link show master br0 | wc -l
brctl show br0 | wc -l
