# stations are learned from what they send, unknown ones are looked for everywhere
# engine: bridge
# needs: bridge
star 4
deliver h1:a,b h2:b,a h1:a,b h3:c,a h4:d,c h1:e,c h2:b,e h2:f,a
