# a pair with both names
ip link add veth-a type veth peer name veth-b
ip -j link
ip -d -j link show veth-a
ip -d -j link show veth-b
ip link show veth-a
ip link show veth-b
