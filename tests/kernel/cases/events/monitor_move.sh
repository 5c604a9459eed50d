# ip monitor sees a device leave and, there, arrive
ip netns add n1
ip link add va type veth peer name vb
ip monitor link >here &
ip -n n1 monitor link >there &
stir here 'ip link set lo down; ip link set lo up'
stir there 'ip -n n1 link set lo up; ip -n n1 link set lo down'
ip link set vb netns n1
await grep -q Deleted here
await grep -q vb there
grep -c '^Deleted' here
#: set
grep -v ' lo: ' there | grep -o '^[^<]*<[^>]*> mtu [0-9]*'
