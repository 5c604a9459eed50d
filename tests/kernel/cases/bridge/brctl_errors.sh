# brctl: what is refused
# needs: bridge
brctl addbr br0
brctl addbr br0
brctl addbr a-name-that-is-too-long
brctl addif br0 nothing
brctl addif nothing lo
brctl addif br0 lo
brctl addif br0 br0
port va
brctl delif br0 va
brctl addif br0 va
brctl addif br0 va
brctl addif va lo
brctl delbr va
brctl delbr nothing
ip link set br0 up
brctl delbr br0
brctl setageing nothing 10
brctl nonsense
brctl show nothing
brctl show va
