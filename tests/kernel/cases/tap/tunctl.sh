# tunctl makes and deletes persistent devices
tunctl -t tap1
tunctl -t tap2 -u root
tunctl -f /dev/net/tun -t tap3
tunctl -b
ip tuntap
tunctl -t tap1
tunctl -d tap1
ip tuntap
tunctl -d nothing
ip tuntap
tunctl -t 12345678901234567890
tunctl -t lo
