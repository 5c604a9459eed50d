# a name can be given once
ip netns add n1
ip netns add n1
ip netns list
