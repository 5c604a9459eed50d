# a namespace that is not there cannot be deleted or entered
ip netns del nowhere
ip netns exec nowhere true
ip -n nowhere link
ip netns add a/b
ip netns add ''
