# what /sys tells of a pair: it is the mirror's, whose other end is the engine's
# differs: lowerlayerdown the mirror's lower layer is elsewhere, so its state is only down
# differs: kernel.50.*yard the mirror's iflink is the engine's end of it
# differs: kernel.60.*yard as above
ip link add va index 50 type veth peer name vb index 60
cat /sys/class/net/va/type /sys/class/net/va/addr_len /sys/class/net/va/flags /sys/class/net/va/mtu
cat /sys/class/net/va/iflink /sys/class/net/vb/iflink
cat /sys/class/net/va/name_assign_type
ip link set va up
await has LOWERLAYERDOWN ip link show va
cat /sys/class/net/va/operstate
