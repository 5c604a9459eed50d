# kernel events of a tap's life
udevadm monitor -k -s net >log &
await grep -q KERNEL log
tunctl -t tap1
ip link set tap1 name tap2
tunctl -d tap2
await grep -q 'remove.*tap2' log
grep -o -e '[a-z]* */devices/virtual/net/t[a-z0-9]*' log
