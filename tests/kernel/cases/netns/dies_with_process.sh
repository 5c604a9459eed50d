# a namespace without a name lives as long as its process; its veth end goes with it
unshare -n sleep 60 &
await has $! pgrep -x sleep
await elsewhere $!
ip link add va type veth peer name vb netns $!
ip -j link show va
kill $!
wait $! 2>/dev/null
await lacks va ip link
await lacks va cat /proc/net/dev
ip link show va
