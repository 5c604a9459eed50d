# short and odd frames
# differs: nobody.*yard.h1:=f.*br0.h2 netfilter does not see what is switched: nothing looks at IP headers
# engine: bridge
# needs: bridge
star 2
deliver h1:=ffffffffffff02000000000a0800 h1:=ffffffffffff02000000000a86dd60 h1:=01005e01010102000000000a080045 h1:=33330000000102000000000a86dd
deliver h1:a,b/type=0003 h1:a,b/type=ffff h1:a,b/type=8100 h1:a,b/type=8863 h1:a,01:80:c2:00:00:01/type=8808
