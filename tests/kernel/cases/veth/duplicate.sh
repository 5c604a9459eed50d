# a name that is taken is refused, whichever end it is for
ip link add va type veth peer name vb
ip link add va type veth peer name vc
ip link add vc type veth peer name va
ip link add vc type veth peer name vb
ip link add vc type veth peer name vc
ip link add va type dummy2
ip -j link
