# send buffer, and an unknown ioctl
# differs: unknown: the descriptor is a socket
tuntool buffers
