# ids are set, listed, and refused when taken
ip netns add n1
ip netns add n2
ip netns set n1 5
ip netns list
ip netns list-id
ip netns set n2 5
ip netns set n1 6
ip netns set n2 auto
ip netns list-id
ip netns set nowhere 7
ip netns list-id nsid 5
ip netns list-id nsid 99
