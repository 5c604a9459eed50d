# two namespaces speak in a VLAN
# engine: vlan
ip netns add n1
ip link add va type veth peer name vb netns n1
ip link add link va va.5 type vlan id 5
ip -n n1 link add link vb vb.5 type vlan id 5
ip addr add 10.5.0.1/24 dev va.5
ip -n n1 addr add 10.5.0.2/24 dev vb.5
for d in va va.5; do ip link set $d up; done
for d in vb vb.5; do ip -n n1 link set $d up; done
await ping -c1 -W1 10.5.0.2
ping -c2 -i.01 10.5.0.2
ping -c1 -s1472 -Mdo 10.5.0.2
ping -c1 -s1473 -Mdo -W1 10.5.0.2
