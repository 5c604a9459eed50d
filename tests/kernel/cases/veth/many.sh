# fifty pairs in one batch
for i in $(seq 50); do echo "link add a$i type veth peer name b$i"; done >batch
ip -batch batch
ip -br link | wc -l
ip -j link show b50
for i in $(seq 50); do echo "link del b$i"; done >batch
ip -batch batch
ip -br link | wc -l
