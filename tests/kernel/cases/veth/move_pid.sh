# an end moves to a process's namespace
ip link add va type veth peer name vb
unshare -n sleep 60 &
await elsewhere $!
ip link set vb netns $!
nsenter -n -t $! ip -j link show vb
ip -j link show va
kill $!
