# a bridge has addresses and answers at them
# engine: bridge
# needs: bridge
star 2
ip link set h1 arp on
ip netns add n1
ip link set h2 netns n1
ip -n n1 link set h2 arp on up
ip -n n1 addr add 10.7.0.2/24 dev h2
ip addr add 10.7.0.1/24 dev br0
await has 'state forwarding' bridge link show dev p2
await ping -c1 -W1 10.7.0.2
ping -c2 -i.01 10.7.0.2
ip -n n1 neigh show 10.7.0.1 | grep -o 'dev.*lladdr [^ ]*'
ip route show dev br0
