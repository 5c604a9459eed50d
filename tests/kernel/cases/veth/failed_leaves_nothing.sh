# what could not be made is gone with the answer, has used up no index of its own, and names no namespace
ip netns add n1
ip link add va type veth peer name va
grep -c : /proc/net/dev
ip link add va type veth peer name x%d%d netns n1
ip -n n1 link add va type veth peer name a/b
ip netns list
ip tuntap add tun0 mode tun
cat /sys/class/net/tun0/ifindex
