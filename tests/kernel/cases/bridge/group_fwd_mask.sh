# group_fwd_mask may not let pass what no bridge forwards
# needs: bridge
ip link add br0 type bridge
ip link set br0 type bridge group_fwd_mask 0x8
attr br0 group_fwd_mask
ip link set br0 type bridge group_fwd_mask 0xfff8
attr br0 group_fwd_mask
ip link set br0 type bridge group_fwd_mask 1
ip link set br0 type bridge group_fwd_mask 2
ip link set br0 type bridge group_fwd_mask 4
ip link set br0 type bridge group_fwd_mask 0xffff
ip link set br0 type bridge group_fwd_mask 0x10000
attr br0 group_fwd_mask
ip link set br0 type bridge group_fwd_mask 0
attr br0 group_fwd_mask
