# groups are set, shown, filtered and deleted whole
ip link add va group 7 type veth peer name vb group 8
ip link add vc type veth peer name vd
ip link set vd group 7
ip -j link show group 7
ip link show group 8
ip link set group 7 up
ip -br link show up | cut -d' ' -f1
ip link set group 7 group 9
ip -br link show group 9 | cut -d' ' -f1
ip link del group 9
ip -br link | cut -d' ' -f1
ip link del group 77
