# brctl showmacs: the ports' own addresses and those that were learned
# engine: bridge
# needs: bridge
star 2
deliver h1:a,b h2:b,a
brctl showmacs br0 | sort | sed 's/[0-9.]*$/AGE/'
brctl showmacs nothing
