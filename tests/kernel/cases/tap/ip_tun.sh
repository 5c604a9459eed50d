# ip tuntap adds, lists and deletes tuns
ip tuntap add tun1 mode tun
ip tuntap
ip -j link show tun1
ip -d -j link show tun1
ip link show tun1
ip link set tun1 up
ip link show tun1
ip addr add 10.4.0.1/24 dev tun1
ip route
ip tuntap del tun1 mode tun
ip tuntap
