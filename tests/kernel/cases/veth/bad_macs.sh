# addresses that no device may have
ip link add va type veth peer name vb
ip link set va address 01:00:00:00:00:01
ip link set va address ff:ff:ff:ff:ff:ff
ip link set va address 00:00:00:00:00:00
ip link set va address 02:00:00
ip link set va address 02:00:00:00:00:01:02:03
ip link set va address xyz
ip link add vc address 01:00:00:00:00:02 type veth peer name vd
ip link add vc address 02:00:00 type veth peer name vd
ip link add vc type veth peer name vd address 01:00:00:00:00:02
ip link add vc type veth peer name vd address 02:00:00
ip -br link | cut -d' ' -f1
