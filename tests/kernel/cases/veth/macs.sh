# addresses are given for either end
ip link add va address 02:00:00:00:00:0a type veth peer name vb address 02:00:00:00:00:0b
ip -j link show type veth
ip link set va address 02:00:00:00:00:0c
ip -j link show va
cat /sys/class/net/va/address /sys/class/net/vb/address
