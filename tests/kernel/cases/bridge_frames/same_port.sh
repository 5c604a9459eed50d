# a frame whose station is at the port it came from goes nowhere, but for hairpins
# engine: bridge
# needs: bridge
star 2
deliver h1:a,all h1:b,a h1:b,c
bridge link set dev p1 hairpin on
deliver h1:b,a h1:b,c h1:b,all h2:d,a
bridge link set dev p1 hairpin off
deliver h1:b,a
