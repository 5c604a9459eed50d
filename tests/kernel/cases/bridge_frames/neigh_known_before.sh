# neighbours and addresses that are older than neigh_suppress count, and those of IPv6 are answered for too
# engine: bridge
# needs: bridge
star 3 mcast_snooping 0
sysctl -qw net.ipv6.conf.br0.addr_gen_mode=1 net.ipv6.conf.br0.accept_dad=0 net.ipv6.conf.br0.router_solicitations=0
sysctl -qw net.ipv6.conf.br0.disable_ipv6=0
bridge fdb add 02:00:00:00:00:0b dev p2 master static
ip neigh add 10.0.0.11 lladdr 02:00:00:00:00:0b dev br0
ip neigh add fd00::b lladdr 02:00:00:00:00:0b router dev br0
ip addr add 10.0.0.1/24 dev br0
bridge link set dev p2 neigh_suppress on
deliver -hear arp h1:a?10.0.0.11 h1:a?10.0.0.99 h3:c?10.0.0.11
deliver -hear nd h1:a?fd00::b h1:a?fd00::99 h2:b?fd00::b
deliver h1:a?10.0.0.1
ip neigh del 10.0.0.11 dev br0
ip addr del 10.0.0.1/24 dev br0
deliver -hear arp h1:a?10.0.0.11 h1:a?10.0.0.1
ip link set br0 arp off
deliver -hear arp h1:a?10.0.0.11 h1:a!10.0.0.10,all
