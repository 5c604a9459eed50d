# bridge link set: what is refused
# engine: bridge
# needs: bridge
ip link add br0 type bridge
port va master br0
port vb
bridge link set dev va learning maybe
bridge link set dev va learning
bridge link set dev va nonsense on
bridge link set dev nothing learning on
bridge link set dev vb learning on
bridge link set dev br0 learning on
bridge link set dev vb learning on self
bridge link set dev va learning on self
bridge link set dev va hwmode vepa
bridge link set dev va hwmode none
bridge link set learning on
bridge link set dev va learning off master
attr va learning
ip link set vb type bridge_slave learning off
ip link set br0 type bridge_slave learning off
ip link set va type bridge_slave learning 2
ip link set va type bond_slave queue_id 1
