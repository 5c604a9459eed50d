# the C library's calls name all devices
ip link add va type veth peer name vb
ip tuntap add t0 mode tap
/usr/bin/python3 -c 'import socket; print(sorted(n for i, n in socket.if_nameindex()))'
/usr/bin/python3 -c 'import socket; print(socket.if_indextoname(socket.if_nametoindex("va")))'
getent ahosts 127.0.0.1 | head -1
