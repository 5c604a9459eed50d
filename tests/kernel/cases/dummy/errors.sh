# what a dummy refuses
# needs: dummy
ip link add d0 type dummy
#: expect status 2
#: expect File exists
ip link add d0 type dummy
#: expect status 2
ip link add d1 mtu 70000000000 type dummy || exit 2
