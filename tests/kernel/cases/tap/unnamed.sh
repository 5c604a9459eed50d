# without a name it is tap0, tun0
ip tuntap add mode tap
ip tuntap add mode tun
ip tuntap add mode tap
ip tuntap
