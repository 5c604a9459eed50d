# bridge fdb flush: what is refused
# engine: bridge
# needs: bridge
star 1
ip link add br1 type bridge
port vx
bridge fdb flush
bridge fdb flush dev nothing
bridge fdb flush dev vx
bridge fdb flush dev vx master
bridge fdb flush dev br0 brport vx
bridge fdb flush dev br1 brport p1
bridge fdb flush dev br0 vlan 5000
bridge fdb flush dev br0 vlan 0
bridge fdb flush dev br0 nonsense
bridge fdb flush dev br0 dynamic nodynamic
bridge fdb flush dev lo
