# what is not there cannot be deleted or set
ip link del nothing
ip link set nothing up
ip link show nothing
ip link set nothing netns 1
ip addr add 10.0.0.1/24 dev nothing
ip link del dev 1234567890123456
ip link show dev 1234567890123456
