# a namespace made inside another's exec
ip netns add n1
ip netns exec n1 sh -c 'ip netns add n2; ip netns list; ip netns exec n2 ip -br link | cut -c1-10'
