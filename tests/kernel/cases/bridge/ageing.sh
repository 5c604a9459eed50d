# ageing_time: set at birth, changed, its limits
# differs: ageing_time=4294 the kernel counts in its own ticks and rounds
# needs: bridge
ip link add br0 type bridge ageing_time 1000
attr br0 ageing_time
ip link set br0 type bridge ageing_time 0
attr br0 ageing_time
ip link set br0 type bridge ageing_time 4294967295
attr br0 ageing_time
ip link set br0 type bridge ageing_time -1
ip link set br0 type bridge ageing_time 4294967296
ip link set br0 type bridge ageing_time x
attr br0 ageing_time
ip link add br1 type bridge ageing_time 42949673
attr br1 ageing_time
