# brctl showstp of a bridge and its port
# needs: bridge
brctl addbr br0
port va address 02:00:00:00:00:0a
brctl addif br0 va
brctl showstp br0
brctl showstp nothing
brctl stp br0 on
brctl showstp br0 | grep -v timer
