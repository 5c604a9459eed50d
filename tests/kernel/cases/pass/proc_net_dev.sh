# /proc/net/dev and /sys name the devices
ip link add va type veth peer name vb
ip tuntap add t0 mode tap
tail -n +3 /proc/net/dev | cut -d: -f1 | sort
cat /sys/class/net/va/type /sys/class/net/va/addr_len /sys/class/net/va/flags /sys/class/net/va/dev_id
cat /proc/net/if_inet6
