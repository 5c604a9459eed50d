# every attribute of a bridge's port, with every sort of value
# engine: bridge
# needs: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add port address 02:00:00:00:00:02 type veth peer name other
walk -port bridge
