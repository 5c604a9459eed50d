# send buffer, and an unknown ioctl
tuntool buffers
