# VLAN devices die with their lower, and what stands on them too
# engine: vlan
port va
ip link add link va va.5 type vlan id 5
ip link add link va va.6 type vlan id 6
ip link add link va.5 va.5.7 type vlan id 7
ip -br link | cut -d' ' -f1
ip link del va
ip -br link | cut -d' ' -f1
