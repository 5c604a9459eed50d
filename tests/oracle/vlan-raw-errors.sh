# VLAN devices on what cannot carry them
# engine: vlan
# differs: netns.1 a bridge cannot move at all, which is said first
ip tuntap add t0 mode tun
ip link add link t0 t0.5 type vlan id 5
ip tuntap add t1 mode tap
ip link add link t1 t1.5 type vlan id 5
ip -d link show t1.5 | grep -o 'vlan protocol.*<[^>]*>'
ip link add br0 type bridge
ip link add link br0 br0.5 type vlan id 5
ip link set br0.5 master br0
ip link set br0 netns 1
ip -br link | cut -d@ -f1 | cut -d' ' -f1
