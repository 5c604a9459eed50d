# ARP and neighbour solicitations pass as they are
# engine: bridge
# needs: bridge
star 3
deliver h1:a?10.0.0.2 h2:b!10.0.0.2,a h1:a?fd00::2 h2:b!fd00::2,a h1:a!10.0.0.10,all
