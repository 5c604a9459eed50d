# ports and bridge count what passes
# engine: bridge
# needs: bridge
star 2
deliver h1:a,all h2:b,a h1:a,b
for d in p1 p2; do ip -s -j link show $d | jq -c '.[0].stats64 | [.rx.packets, .rx.bytes, .rx.dropped, .rx.multicast, .tx.dropped]'; done
ip -s -j link show br0 | jq -c '.[0].stats64 | [.rx.packets, .rx.bytes, .rx.multicast, .rx.dropped]'
bridge -s link show dev nothing
