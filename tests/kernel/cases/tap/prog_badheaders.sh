# virtio-net headers that are none; the device lives on
# differs: kernel.write.*EINVAL a socket takes what the device then drops
tuntool badheaders
