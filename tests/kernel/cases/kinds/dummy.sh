# every attribute that a dummy might have, which has none to change
# needs: dummy
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
walk dummy
