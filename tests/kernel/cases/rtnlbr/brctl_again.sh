# brctl: a name is free again at once, and a bridge that is up is not deleted
# engine: bridge
# needs: bridge
for n in {1..5}; do brctl addbr br0 && brctl delbr br0; done
ip link show br0
brctl addbr br0
ip link set br0 up
brctl delbr br0
ip link set br0 down
brctl delbr br0
brctl delbr br0
ip link add d0 type veth peer name d1
brctl delbr d0
brctl addbr d0
brctl addbr ''
brctl addbr a/b
ip -br link | cut -d' ' -f1 | sort
