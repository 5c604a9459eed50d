# brctl makes bridges and puts ports in
# engine: bridge
# needs: bridge
brctl addbr br0
port va address 02:00:00:00:00:0a
port vb address 02:00:00:00:00:0b
brctl addif br0 va vb
brctl show
brctl show br0
bridge link | cut -d@ -f1 | cut -d' ' -f2
brctl delif br0 va
brctl show br0
ip -br link show master br0 | cut -d@ -f1
ip link set br0 down
brctl delbr br0
brctl show
