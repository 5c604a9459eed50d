# names of bridges and ports change, also in what is shown of the others
# engine: bridge
# needs: bridge
ip link add br0 type bridge
ip link add va master br0 type veth peer name vb
ip link set br0 name bridge-one
ip -j link show va
ip link set va name port-a
bridge -j link
ip link show master bridge-one
ip link set br0 down
ip link property add dev bridge-one altname the-bridge
ip -br link show master the-bridge | cut -d@ -f1
ip link set vb master the-bridge
bridge -j link
