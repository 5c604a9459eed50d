# ip link change and replace of a VLAN device
# engine: vlan
port va
ip link add link va va.5 type vlan id 5
ip link change va.5 type vlan egress-qos-map 1:1
ip link replace link va dev va.5 type vlan id 5 loose_binding on
ip link replace link va dev va.8 type vlan id 8
ip link change link va dev va.9 type vlan id 9
ip link replace link va dev va.5 type vlan id 9
ip -d link show va.5 | grep -o 'vlan protocol.*'
ip -br link | cut -d@ -f1 | cut -d' ' -f1
