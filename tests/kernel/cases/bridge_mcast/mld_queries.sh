# MLD is asked for from the bridge's link-local address, and not without one; IGMP from an address if told to
# needs: bridge
star 1 mcast_query_use_ifaddr 1
ip addr add 10.0.0.7/24 dev br0
sysctl -qw net.ipv6.conf.br0.disable_ipv6=0
sysctl -qw net.ipv6.conf.br0.addr_gen_mode=1
ip addr add fe80::77/64 dev br0 nodad
mcast hear h1 3 2 >asked &
sleep 0.3
ip link set br0 type bridge mcast_querier 1
wait $!
sort asked
ip link set br0 type bridge mcast_querier 0 mcast_mld_version 2
mcast hear h1 3 2 >asked &
sleep 0.3
ip link set br0 type bridge mcast_querier 1
wait $!
sort asked
