# neighbours of the ports of a bridge, and of devices that are no ports
# engine: bridge
ip link add br0 type bridge
ip link add br1 type bridge
for i in 1 2 3; do ip link add p$i type veth peer name x$i; ip link set p$i up; ip link set x$i up; done
ip link set p1 master br0
ip link set p2 master br1
for i in p1 p2 p3 br0; do ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev $i nud permanent; done
ip neigh show 10.0.0.9 master br0
ip -4 -j neigh show master br1
#: sort
ip -4 neigh show nomaster
#: sort
ip -4 neigh show
ip neigh show master p3
ip neigh show dev p1 master br0 10.0.0.9
ip neigh show dev p1 master br1 10.0.0.9
ip link set p1 nomaster
ip neigh show 10.0.0.9 master br0
