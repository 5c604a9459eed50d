# names given with patterns
ip link add va type veth peer vb
ip link add v%d type veth peer name w%d
ip link add v%d type veth peer name w%d
ip -br link | cut -d' ' -f1
