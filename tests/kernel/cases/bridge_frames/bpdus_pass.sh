# BPDUs pass a bridge without a spanning tree, and a guard holds them up
# engine: bridge
# needs: bridge
star 3
deliver h1:a#8000020000000001,0,8000020000000001,8001 h1:a#tcn
ip link set br0 type bridge group_address 01:80:c2:00:00:0e
deliver h1:a#8000020000000001,0,8000020000000001,8001 h1:a,01:80:c2:00:00:0e
bridge link set dev p1 guard on
deliver h1:a#8000020000000001,0,8000020000000001,8001 h1:a,b
