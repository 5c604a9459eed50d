# of several settings in one request each that is before the bad one holds
# differs: hello_time=300 a request is carried out whole or not at all
# needs: bridge
ip link add br0 type bridge
ip link set br0 type bridge ageing_time 700 priority 7 hello_time 300 max_age 5000
attr br0 ageing_time priority hello_time max_age
ip link set br0 type bridge hello_time 5 ageing_time 800
attr br0 hello_time ageing_time
ip link set br0 mtu 1400 type bridge hello_time 5
attr br0 mtu
ip link set br0 down type bridge priority 9
attr br0 priority
