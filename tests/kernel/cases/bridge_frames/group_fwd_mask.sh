# group_fwd_mask lets link-local groups pass
# engine: bridge
# needs: bridge
star 3
ip link set br0 type bridge group_fwd_mask 0x4008
deliver h1:a,01:80:c2:00:00:03 h1:a,01:80:c2:00:00:0e h1:a,01:80:c2:00:00:0d h1:a,01:80:c2:00:00:00 h1:a,01:80:c2:00:00:01
ip link set br0 type bridge group_fwd_mask 0xfff8
deliver h1:a,01:80:c2:00:00:0d h1:a,01:80:c2:00:00:02 h1:a,01:80:c2:00:00:00
