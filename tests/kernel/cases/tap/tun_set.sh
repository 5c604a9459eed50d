# settings that a tun refuses
ip tuntap add u1 mode tun
ip link set u1 address 02:00:00:00:00:07
ip link set u1 mtu 9000
ip link set u1 mtu 65535
ip link set u1 mtu 67
ip link set u1 mtu 65536
ip -d -j link show u1
