# the bridge has a carrier while a port forwards
# engine: bridge
# needs: bridge
ip link add br0 type bridge
ip link set br0 up
attr br0 operstate flags
ip link add va master br0 type veth peer name vb
ip link set va up
ip link set vb up
await has 'state UP' ip link show br0
attr br0 operstate flags
ip link set vb down
await has 'state DOWN' ip link show br0
attr br0 operstate flags
attr va operstate state
ip link set vb up
await has 'state UP' ip link show br0
ip link set va nomaster
await has 'state DOWN' ip link show br0
attr br0 operstate flags
ip link set br0 down
attr br0 operstate flags
