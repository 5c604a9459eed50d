# two socats with taps in two namespaces, each frame a packet of a Unix socket
ip netns add n1
socat TUN:10.7.0.1/24,tun-type=tap,tun-name=s1,iff-up,iff-no-pi UNIX-LISTEN:wire,type=5 &
await ip link show s1
await test -S wire
ip netns exec n1 socat TUN:10.7.0.2/24,tun-type=tap,tun-name=s2,iff-up,iff-no-pi UNIX-CONNECT:wire,type=5 &
await ping -c3 -i0.2 -W1 10.7.0.2 -q
ping -c3 -i0.2 10.7.0.2
ip tuntap | cut -d' ' -f1,2
