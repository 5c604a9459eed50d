# an alias is set, shown and cleared
ip link add va type veth peer name vb
ip link set va alias "the first end"
ip -j link show va
cat /sys/class/net/va/ifalias
ip link set va alias ""
ip link show va
ip link set va alias $(printf 'x%.0s' {1..300})
