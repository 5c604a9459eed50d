# max_age is between six and forty seconds
# needs: bridge
ip link add br0 type bridge
ip link set br0 type bridge max_age 600
attr br0 max_age
ip link set br0 type bridge max_age 599
ip link set br0 type bridge max_age 4001
attr br0 max_age
ip link set br0 type bridge max_age 4000
attr br0 max_age
