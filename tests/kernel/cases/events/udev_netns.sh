# kernel events stay in their namespace
ip netns add n1
ip netns exec n1 udevadm monitor -k -s net >log &
await grep -q KERNEL log
ip link add va type veth peer name vb
ip link set vb netns n1
await grep -q 'vb' log
grep -o -e '[a-z]* */devices/virtual/net/v[a-z]*' log
