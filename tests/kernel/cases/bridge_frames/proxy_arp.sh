# a port with proxy_arp is answered for others
# engine: bridge
# needs: bridge
star 3
ip link set p1 type bridge_slave proxy_arp on
bridge fdb add 02:00:00:00:00:0b dev p2 master static
ip neigh add 10.0.0.11 lladdr 02:00:00:00:00:0b dev br0
deliver -hear arp h2:b?10.0.0.11 h3:c?10.0.0.11 h1:a?10.0.0.11 h1:a?10.0.0.12
ip link set p1 type bridge_slave proxy_arp off proxy_arp_wifi on
deliver -hear arp h1:a?10.0.0.11 h1:a?10.0.0.12 h2:b?10.0.0.11
