# a descriptor takes one device
tuntool twice
