# what a dummy refuses
# needs: dummy
ip link add d0 type dummy
#: expect status 2
#: expect RTNETLINK answers: File exists
ip link add d0 type dummy
#: expect status 2
#: expect Cannot assign requested address
ip link add d1 address 01:00:00:00:00:01 type dummy
#: expect status 2
#: expect RTNETLINK answers
ip link set d0 master lo
