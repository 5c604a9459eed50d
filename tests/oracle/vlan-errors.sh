# VLAN devices: what is refused
# engine: vlan
# differs: link.lo.lo\.5 on lo the request is the kernel's to refuse
port va
ip link add va.1 type vlan id 5
ip link add link va va.1 type vlan
ip link add link va va.1 type vlan id 4095
ip link add link va va.1 type vlan id 4096
ip link add link va va.1 type vlan id -1
ip link add link va va.1 type vlan id x
ip link add link nothing va.1 type vlan id 5
ip link add link va va.1 type vlan id 5 protocol 0x9100
ip link add link va va.1 type vlan protocol 802.1Q
ip link add link lo lo.5 type vlan id 5
ip link add link va va.5 type vlan id 5
ip link add link va va.6 type vlan id 5
ip link add link va va.5 type vlan id 6
ip link add link va va.7 type vlan id 5 protocol 802.1ad
ip link set va.5 type vlan id 6
ip link set va.5 type vlan protocol 802.1ad
ip link set va.5 type vlan nonsense on
ip link add link va va.0 type vlan id 0
ip -br link | cut -d@ -f1 | cut -d' ' -f1
