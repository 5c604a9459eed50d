# hello_time is between one and ten seconds
# needs: bridge
ip link add br0 type bridge
ip link set br0 type bridge hello_time 100
attr br0 hello_time
ip link set br0 type bridge hello_time 99
ip link set br0 type bridge hello_time 1001
ip link set br0 type bridge hello_time 0
attr br0 hello_time
ip link set br0 type bridge hello_time 1000
attr br0 hello_time
ip link add br1 type bridge hello_time 50
ip -br link | cut -d' ' -f1
