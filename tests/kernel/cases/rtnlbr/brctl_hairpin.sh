# brctl hairpin, which has no ioctl of its own
# engine: bridge
# needs: bridge
brctl addbr br0
ip link add p1 type veth peer name h1
brctl addif br0 p1
brctl hairpin br0 p1 on
bridge -d link show dev p1 | grep -o 'hairpin [a-z]*'
brctl hairpin br0 p1 off
bridge -d link show dev p1 | grep -o 'hairpin [a-z]*'
brctl hairpin nothing p1 on
