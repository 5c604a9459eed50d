# a command runs inside a namespace and sees its interfaces only
ip netns add n1
ip link add va type veth peer name vb
ip link set vb netns n1
ip netns exec n1 ip -j link
ip netns exec n1 sh -c 'exit 7'
ip netns exec n1 ls /sys/class/net
ip netns exec n1 cat /sys/class/net/vb/mtu
ls /sys/class/net
