# stations that are silent are forgotten
# engine: bridge
# needs: bridge
star 2 ageing_time 20
deliver h1:a,all
bridge fdb add 02:00:00:00:00:0c dev p1 master static
await lacks 00:00:0a bridge fdb show br br0
bridge fdb show br br0 | grep 02:00:00:00:00
