# netns -all exec visits every namespace
ip netns add n1
ip netns add n2
#: sort
ip -all netns exec ip -br link show lo
