# a port and its bridge in /sys
# differs: /sys/class/net the mirror is no bridge, and no port of one
# engine: bridge
# needs: bridge
ip link add br0 type bridge
port va master br0
basename $(readlink /sys/class/net/va/master)
ls /sys/class/net/br0 | grep lower_
ls /sys/class/net/va | grep upper_
cat /sys/class/net/va/brport/port_no
cat /sys/class/net/br0/bridge/ageing_time
ls /sys/class/net/br0/brif
