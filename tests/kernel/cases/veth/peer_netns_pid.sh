# the peer is born in a process's namespace
unshare -n sleep 60 &
await elsewhere $!
ip link add va type veth peer name vb netns $!
ip -j link show va
nsenter -n -t $! ip -j link show vb
