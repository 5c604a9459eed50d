# show: by bridge, port, device, state, and what is no bridge
# engine: bridge
# needs: bridge
star 2 mcast_snooping 0
ip link add br1 address 02:00:00:00:00:99 type bridge vlan_default_pvid 0 mcast_snooping 0
deliver h1:a,b h2:b,a
bridge fdb add 02:00:00:00:00:0c dev p2 master static
#: sort
bridge fdb show
#: sort
bridge -j fdb show br br0 | jq -c 'sort_by(.mac, .flags)'
#: sort
bridge fdb show br br0 brport p1
#: sort
bridge fdb show state static
#: sort
bridge fdb show state permanent
#: sort
bridge fdb show dynamic
bridge fdb show br br1
bridge fdb show vlan 5
bridge fdb show br nothing
bridge fdb show dev nothing
bridge fdb show br p1
bridge fdb show state nonsense
bridge fdb nonsense
#: sort
bridge -s fdb show br br0 brport p1
