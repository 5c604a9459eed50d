# what the bridge's own stack sends
# engine: bridge
# needs: bridge
star 3
deliver br0:q,b h2:b,a br0:q,b br0:q,all br0:q,01:00:5e:01:02:03 br0:q,@br0 h1:a,q br0:@br0,c h3:c,@br0
#: sort
bridge fdb show dynamic
