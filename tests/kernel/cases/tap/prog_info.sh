# frames with packet information
tuntool info
