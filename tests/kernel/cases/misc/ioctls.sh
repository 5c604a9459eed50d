# the old ioctls see the devices
ip link add va address 02:00:00:00:00:0a type veth peer name vb
ifioctl va
