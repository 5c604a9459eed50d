# what is for bridges alone is not forwarded
# engine: bridge
# needs: bridge
star 2
deliver h1:a,01:80:c2:00:00:00 h1:a,01:80:c2:00:00:01 h1:a,01:80:c2:00:00:02 h1:a,01:80:c2:00:00:03 h1:a,01:80:c2:00:00:0e h1:a,01:80:c2:00:00:0f
deliver h1:a,01:80:c2:00:00:10 h1:a,01:80:c2:00:00:20 br0:q,01:80:c2:00:00:0e br0:q,01:80:c2:00:00:00
bridge fdb show dynamic
