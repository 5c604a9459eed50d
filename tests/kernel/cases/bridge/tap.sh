# a tap is a port too
# needs: bridge
ip link add br0 address 02:00:00:00:00:01 type bridge
ip tuntap add t0 mode tap
ip link set t0 master br0
ip link set t0 up
ip link set br0 up
bridge link show dev t0
attr t0 state cost port_no
ip link set t0 nomaster
ip tuntap del t0 mode tap
ip -br link | cut -d' ' -f1
