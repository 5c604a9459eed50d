# links settings of a tap
ip tuntap add t1 mode tap
ip link set t1 address 02:00:00:00:00:07 mtu 1300 txqueuelen 33 alias tappy group 4
ip link set t1 up
ip -j link show t1
ip link set t1 down
ip link set t1 mtu 67
ip link set t1 mtu 65522
ip link set t1 mtu 65536
ip link set t1 mtu 65521
ip link set t1 address 01:00:00:00:00:01
ip -d -j link show t1
ip link set t1 type tun
