# a VLAN device in another namespace than its lower
# engine: vlan
ip netns add n1
port va
ip link add link va va.5 type vlan id 5
ip link set va.5 netns n1
ip -n n1 -j link show va.5 | jq -c '.[0] | [.ifname, .link, .link_netnsid, .flags]'
ip -n n1 -d link show va.5 | grep -o 'vlan protocol[^<]*'
ip link add link va va.5 type vlan id 5
ip link add link va va.6 netns n1 type vlan id 6
ip -n n1 -br link | cut -d@ -f1 | cut -d' ' -f1
ip link del va
ip -n n1 -br link | cut -d@ -f1 | cut -d' ' -f1
