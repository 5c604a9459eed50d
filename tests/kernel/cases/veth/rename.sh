# an end is renamed, down and up
ip link add va type veth peer name vb
ip link set va name vnew
ip -j link show vnew
ip link show vb
ip link show va
ip link set vnew up
ip link set vnew name vup
ip -j link show vup
ip link set vup name vb
ip link set vup name vup
ip link set vup name 'x/y'
ip link set vup name 'x y'
ip link set vup name .
ip link set vup name 1234567890123456
ip link set vup name ''
ls /sys/class/net
