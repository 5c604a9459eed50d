# without privileges nothing is changed
ip link add va type veth peer name vb
setpriv --bounding-set -all --inh-caps -all --ambient-caps -all --reuid 0 ip link add vc type veth peer name vd
setpriv --bounding-set -all --inh-caps -all ip link set va up
setpriv --bounding-set -all --inh-caps -all ip link del va
setpriv --bounding-set -all --inh-caps -all ip link set va netns 1
setpriv --bounding-set -all --inh-caps -all ip addr add 10.0.0.1/24 dev va
setpriv --bounding-set -all --inh-caps -all ip route add 10.0.0.0/24 dev va
setpriv --bounding-set -all --inh-caps -all ip netns set nowhere 1
setpriv --bounding-set -all --inh-caps -all ip -j link show va
setpriv --bounding-set -all --inh-caps -all tc qdisc add dev va root pfifo
ip -br link | cut -d' ' -f1
