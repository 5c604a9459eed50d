# every attribute that a veth might have, which has none to change
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
walk veth
