# what is larger than a port's MTU does not leave through it
# engine: bridge
# needs: bridge
star 3
ip link set h1 mtu 4000
ip link set p1 mtu 4000
ip link set p2 mtu 4000
ip link set h2 mtu 4000
deliver h1:a,all/size=1514 h1:a,all/size=1518/tag=5 h1:a,all/size=1515 h1:a,all/size=1518 h1:a,all/size=1519 h1:a,all/size=4014
ip link set br0 mtu 1000
deliver h1:a,@br0/size=1514 h1:a,all/size=1514
