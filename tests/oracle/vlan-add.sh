# a VLAN device on a veth, as it is shown
# engine: vlan
ip link add va address 02:00:00:00:00:0a type veth peer name vb
ip link add link va name va.5 type vlan id 5
ip -d link show va.5
ip -d -j link show va.5
ip link show type vlan
ip link add link va type vlan id 6
ip link add link va name 'x%d' type vlan id 7
ip -br link | cut -d@ -f1 | cut -d' ' -f1
ip link del va.5
ip -br link | cut -d@ -f1 | cut -d' ' -f1
