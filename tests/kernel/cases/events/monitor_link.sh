# ip monitor link tells of a pair's life
ip monitor link >log &
stir log 'ip link set lo down; ip link set lo up'
ip link add va type veth peer name vb
ip link set va up
ip link set vb up
await has 'state UP' ip link show va
ip link set va mtu 1400
ip link set va name vc
ip link del vb
await grep -q 'Deleted.*vc' log
#: set
grep -v ' lo: ' log | grep -o '^[^<]*<[^>]*> mtu [0-9]*'
