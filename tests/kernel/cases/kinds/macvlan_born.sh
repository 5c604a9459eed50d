# a macvlan that is born with any attribute
# needs: macvlan
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add lower address 02:00:00:00:00:02 type veth peer name other
walk -born macvlan lower
