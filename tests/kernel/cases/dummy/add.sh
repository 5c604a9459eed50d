# a dummy device
# needs: dummy
#: expect
ip link add d0 type dummy
#: expect <BROADCAST,NOARP>
ip link show d0
#: expect dummy
ip -d link show d0
ip link set d0 up
#: expect BROADCAST,NOARP,UP,LOWER_UP
ip link show d0
#: expect state UNKNOWN
ip link show d0
ip addr add 10.3.0.1/24 dev d0
#: expect 1 received
ping -c1 10.3.0.1
ip link del d0
#: status
#: expect status 1
ip link show d0
