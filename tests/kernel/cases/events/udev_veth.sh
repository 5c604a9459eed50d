# kernel events of a pair's life
udevadm monitor -k -s net >log &
await grep -q KERNEL log
ip link add va type veth peer name vb
ip link set va name vc
ip link del vb
await grep -q 'remove.*vb' log
await grep -q 'remove.*vc' log
#: sort
grep -o -e '[a-z]* */devices/virtual/net/v[a-z]*' log
