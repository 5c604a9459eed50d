# a bridge that is born with any attribute
# differs: kernel.(1|4|3[0-4])=.*:.ok.*yard.*:.ok the kernel counts in its own ticks and rounds
# differs: kernel.(7|8|39|41|45)= this kernel is built without VLAN filtering
# engine: bridge
# needs: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
walk -born bridge
