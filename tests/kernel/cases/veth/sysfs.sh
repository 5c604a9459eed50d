# what /sys tells of a pair: it is the mirror's, which is a tap
# differs: lowerlayerdown a tap has no lower layer, so its state is only down
# differs: name_assign_type a tap's name has no origin that the kernel keeps
# differs: kernel.50.*yard a tap's iflink is its own index
# differs: yard.50 a tap's iflink is its own index
ip link add va index 50 type veth peer name vb index 60
cat /sys/class/net/va/type /sys/class/net/va/addr_len /sys/class/net/va/flags /sys/class/net/va/mtu
cat /sys/class/net/va/iflink /sys/class/net/vb/iflink
cat /sys/class/net/va/name_assign_type
ip link set va up
await has LOWERLAYERDOWN ip link show va
cat /sys/class/net/va/operstate
