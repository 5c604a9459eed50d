# a VLAN's own state at a port
# engine: bridge vlan_filtering
star 2 vlan_filtering 1
bridge vlan add dev p1 vid 10
bridge vlan add dev p2 vid 10
bridge -d vlan show dev p1
bridge vlan set dev p1 vid 10 state blocking
bridge -d vlan show dev p1
deliver h1:a,all/tag=10 h2:b,all/tag=10 h1:a,all
bridge vlan set dev p1 vid 10 state learning
deliver h1:a,all/tag=10 h2:b,a/tag=10
bridge vlan set dev p1 vid 10 state forwarding
deliver h1:a,all/tag=10
bridge vlan set dev p1 vid 10 state 9
bridge vlan set dev p1 vid 99 state blocking
