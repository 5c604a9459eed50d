# a tun's bare IP packets
tuntool packets
