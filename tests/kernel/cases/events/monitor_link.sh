# ip monitor link tells of a pair's life
# differs: kernel.#2:.vb@NONE:.<BROADCAST,MULTICAST>.mtu the first event of a pair tells of the peer already
# differs: NO-CARRIER,BROADCAST,MULTICAST,UP,LOWER_UP flags are as they are when the event is read, not in between
# differs: kernel.#3:.vc@NONE a change on the way to a deletion is not told apart from it
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
