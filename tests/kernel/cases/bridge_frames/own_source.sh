# a frame that comes with the bridge's own address as its source
# engine: bridge
# needs: bridge
star 2
deliver h1:@br0,b h2:b,@br0 h1:02:00:00:00:01:02,b
#: sort
bridge fdb show br br0 | grep -v self
