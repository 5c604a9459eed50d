# each end of a veth has the queues that were asked for it
ip link add va numtxqueues 4 type veth peer name vb numtxqueues 1 numrxqueues 2
ip -j -d link show type veth
ip link add vc numtxqueues 3 numrxqueues 2 type veth
ip -j -d link show type veth
ip link add vd type veth peer name ve numtxqueues 5000
ip link add vd type veth peer name ve numrxqueues 0
