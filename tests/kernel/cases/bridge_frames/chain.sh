# two bridges in a row learn each for itself
# engine: bridge
# needs: bridge
star 2
ip link add br1 type bridge vlan_default_pvid 0
ip link add p8 type veth peer name p9
ip link add p3 type veth peer name h3
ip link set p8 master br0
ip link set p9 master br1
ip link set p3 master br1
for d in br1 p8 p9 p3 h3; do ip link set $d up; done
await eval '[ $(bridge link | grep -c "state forwarding") = 5 ]'
deliver h1:a,b h3:c,a h1:a,c h2:b,c h1:a,all br1:q,a
#: sort
bridge fdb show dynamic | grep 02:00:00:00:00
