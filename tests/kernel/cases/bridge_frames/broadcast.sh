# broadcasts and unknown multicasts go to all ports and to the bridge itself
# engine: bridge
# needs: bridge
star 3
deliver h1:a,all h2:b,01:00:5e:01:02:03 h3:c,33:33:00:00:00:09 h1:a,09:00:00:00:00:01 h2:b,03:00:00:00:00:00
