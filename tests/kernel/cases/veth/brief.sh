# brief, oneline, details and colour-free outputs
ip link add va address 02:00:00:00:00:0a type veth peer name vb address 02:00:00:00:00:0b
ip -br link
ip -br addr
ip -o link
ip -d link show va
ip -d -o link show vb
ip -h -s link show va
