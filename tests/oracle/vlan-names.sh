# names and links as they are shown
# engine: vlan
port va
ip link add link va va.5 type vlan id 5
ip link add dev v6 link va type vlan id 6
ip -br link | cut -d' ' -f1
ip link set va name eth0
ip -br link | cut -d' ' -f1
ip link set va.5 name five
ip -j link show five | jq -c '.[0] | [.ifname, .link]'
ip link show type vlan | grep -c mtu
ip link del eth0 type vlan
ip link del five type vlan
