# ip's statistics command and others that read
ip link add va type veth peer name vb
ip stats show dev va group link | head -1
ip link afstats dev va
ip -j -p link show va
ip -4 -br addr
ip -6 -j route show table local
ip addr show up
ip ntable show dev va | grep -c dev
