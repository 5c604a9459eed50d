# but in a network namespace of their own
unshare -Urn sh -c 'ip link add vc type veth peer name vd; ip -br link | cut -d" " -f1'
unshare -Urn sh -c 'tunctl -t tap9; ip tuntap'
