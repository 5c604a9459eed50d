# frames with a virtio-net header, and offload settings
tuntool header
