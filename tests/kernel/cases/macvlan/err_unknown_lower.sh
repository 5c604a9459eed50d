# the device below must be there
# needs: macvlan
ip link add eth0 address 02:00:00:00:00:e0 type veth peer name wire
ip link add link nothing mva type macvlan
nsidlink new name=mva kind=macvlan link=999
