# ports whose other ends are in other namespaces
# engine: bridge
# needs: bridge
star 3
ip netns add n2
ip netns add n3
ip link set h2 netns n2
ip link set h3 netns n3
ip -n n2 link set h2 up
ip -n n3 link set h3 up
await eval '[ $(bridge link | grep -c "state forwarding") = 3 ]'
deliver -on h1,h2@n2,h3@n3 h1:a,all h1:a,b
ip netns exec n2 deliver -on h2,h3@n3 h2:b,a
deliver -on h1,h2@n2,h3@n3 h1:a,b
ip netns del n3
await lacks p3 bridge link
deliver -on h1,h2@n2 h1:a,all
