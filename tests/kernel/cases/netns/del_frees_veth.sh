# deleting a namespace deletes both ends of its veths
ip netns add n1
ip link add va type veth peer name vb netns n1
ip netns del n1
await lacks va ip link
ip -j link
