# frames are counted per VLAN
# engine: bridge vlan_filtering
star 2 vlan_filtering 1 vlan_stats_enabled 1 mcast_snooping 0
bridge vlan add dev p1 vid 10
bridge vlan add dev p2 vid 10
deliver h1:a,all/tag=10 h2:b,a/tag=10 h1:a,all
bridge -s vlan show dev br0
bridge -s -j vlan show dev br0 | jq -c '.[].vlans'
