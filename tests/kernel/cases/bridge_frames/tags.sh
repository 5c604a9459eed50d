# tagged frames pass a bridge that knows no VLANs, and stations are one
# engine: bridge
# needs: bridge
star 3
deliver h1:a,b/tag=100 h2:b,a/tag=200 h1:a,b/tag=100p5 h1:a,b/ad=7 h1:a,all/tag=0p3 h1:a,b/tag=5/ad=6 h1:a,239.1.1.1/tag=7
bridge fdb show dynamic | sort
