# a port's own group_fwd_mask, which may pass what the bridge's may not
# engine: bridge
# needs: bridge
star 3
ip link set p1 type bridge_slave group_fwd_mask 0x7
attr p1 group_fwd_mask
deliver h1:a,01:80:c2:00:00:00 h1:a,01:80:c2:00:00:01 h1:a,01:80:c2:00:00:02 h1:a,01:80:c2:00:00:0e h2:b,01:80:c2:00:00:02
ip link set p1 type bridge_slave group_fwd_mask 0x4000
deliver h1:a,01:80:c2:00:00:0e h2:b,01:80:c2:00:00:0e
