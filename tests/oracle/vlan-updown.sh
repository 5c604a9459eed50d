# a VLAN device goes up and down with its lower
# engine: vlan
port va
ip link add link va va.5 type vlan id 5
ip link set va.5 up
ip link set xva up
ip link set va up
await has 'state UP' ip link show va.5
attr va.5 operstate flags
ip link set va down
await lacks 'state UP' ip link show va.5
attr va.5 operstate flags
ip link set va.5 up
ip link set va up
await has 'state UP' ip link show va.5
attr va.5 flags
ip link set xva down
await has 'LOWERLAYERDOWN' ip link show va.5
attr va.5 operstate flags
