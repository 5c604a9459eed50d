# what /dev/net/tun says it can
tuntool features
