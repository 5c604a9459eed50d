# transmit queue length and numbers of queues
ip link add va txqueuelen 77 numtxqueues 4 numrxqueues 2 type veth peer name vb txqueuelen 99
ip -d -j link show va
ip -d -j link show vb
ip link set va txqueuelen 5
ip link show va
ip link add vc numtxqueues 5000 type veth peer name vd
ip link add vc numrxqueues 5000 type veth peer name vd
ip -br link | cut -d' ' -f1
