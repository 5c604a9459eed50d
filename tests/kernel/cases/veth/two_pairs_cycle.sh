# pairs come and go: indexes and names are used again as the kernel does
for i in 1 2 3 4 5; do ip link add va type veth peer name vb; ip link del va; done
ip link add va type veth peer name vb
cat /sys/class/net/va/ifindex
