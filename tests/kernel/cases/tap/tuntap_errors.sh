# what ip tuntap refuses
ip tuntap add t1 mode tap
ip tuntap add t1 mode tap
ip tuntap add t1 mode tun
ip tuntap del t1 mode tun
ip tuntap del nothing mode tap
ip tuntap add 1234567890123456 mode tap
ip tuntap add 'a/b' mode tap
ip tuntap add mode nosuch
ip tuntap add lo mode tap
ip tuntap del lo mode tap
ip link add t9 type tun
ip tuntap
