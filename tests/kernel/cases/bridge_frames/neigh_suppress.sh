# ARP for a station that is known is answered by the bridge, not flooded
# engine: bridge
# needs: bridge
star 3
ip link set br0 arp on
bridge link set dev p2 neigh_suppress on
bridge fdb add 02:00:00:00:00:0b dev p2 master static
ip neigh add 10.0.0.11 lladdr 02:00:00:00:00:0b dev br0
deliver -hear arp h1:a?10.0.0.11 h1:a?10.0.0.99 h2:b?10.0.0.11 h1:a!10.0.0.10,all
bridge link set dev p1 neigh_suppress on
deliver -hear arp h1:a?10.0.0.11 h1:a?10.0.0.99
ip neigh add fd00::b lladdr 02:00:00:00:00:0b dev br0
deliver -hear arp h1:a?fd00::b
