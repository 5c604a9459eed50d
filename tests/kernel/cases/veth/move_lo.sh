# lo cannot be moved, renamed or deleted
ip netns add n1
ip link set lo netns n1
ip link del lo
ip link set lo name foo
ip -j link show lo
