# writes to a tun that are no IP packets; the device lives on
# differs: kernel.write.*EINVAL a socket takes what the device then drops
tuntool badpackets
