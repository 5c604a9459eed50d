# options of ip tuntap are kept and shown
ip tuntap add t1 mode tap user 0 group 0
ip tuntap add t2 mode tap multi_queue
ip tuntap add t3 mode tap vnet_hdr
ip tuntap add t4 mode tap pi
ip tuntap add t5 mode tun one_queue
ip tuntap add t6 mode tun multi_queue pi vnet_hdr
ip tuntap
ip -j tuntap
ip -d -j link show t2
ip -d -j link show t6
ip tuntap del t2 mode tap
ip tuntap del t2 mode tap multi_queue
ip tuntap
