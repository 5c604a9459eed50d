# each namespace has its own /proc/net
ip netns add n1
#: sort
ip netns exec n1 ls /proc/net
ip netns exec n1 cat /proc/net/route
ip netns exec n1 cut -c1-8 /proc/net/dev
