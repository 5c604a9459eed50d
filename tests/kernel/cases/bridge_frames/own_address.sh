# frames to the bridge's and the ports' addresses are the bridge's own
# engine: bridge
# needs: bridge
star 2
deliver h1:a,02:00:00:00:01:01 h1:a,02:00:00:00:01:02 h2:b,@br0 h1:a,@h2 h2:@h2,a h1:a,@h2
ip link set br0 address 02:00:00:00:00:bb
deliver h1:a,02:00:00:00:00:bb h1:a,02:00:00:00:01:01
