# an index is asked for, and refused when in use
ip link add va index 50 type veth peer name vb index 60
cat /sys/class/net/va/ifindex /sys/class/net/vb/ifindex
ip link add vc index 50 type veth peer name vd
ip link add vc type veth peer name vd index 60
ip link add vc index 1 type veth peer name vd
ip link add vc index -5 type veth peer name vd
ip link add vc index 0 type veth peer name vd
ip -br link | cut -d' ' -f1
