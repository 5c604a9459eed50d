# a dummy counts what it swallows
# needs: dummy
ip link add d0 type dummy
sysctl -qw net.ipv6.conf.d0.disable_ipv6=1
ip link set d0 up
#: expect sent size=60
frames d0 d0 size=60 size=100
#: expect "packets":3
#: stats
ip -s -j link show d0
