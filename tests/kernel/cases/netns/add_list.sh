# a namespace is added, listed and removed
ip netns add nsnet1
ip netns list
ip netns add nsnet2
ip netns
ls /run/netns
ip netns del nsnet1
ip netns list
ip -n nsnet2 -j link
