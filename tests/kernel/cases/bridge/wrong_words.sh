# words that are no settings of a bridge
# needs: bridge
ip link add br0 type bridge nonsense 1
ip link add br0 type bridge ageing_time
ip link add br0 type bridge peer name br1
ip link add br0 type bridge fdb_flush
ip link add br1 type bridge state 3
ip -br link | cut -d' ' -f1
ip link set br0 type veth
ip link set br0 type macvlan
ip link set br0 type bridge
