# without a name it is dummy0
# needs: dummy
ip link add type dummy
#: expect dummy0
ip -br link
ip link add type dummy
#: expect dummy1
ip -br link
