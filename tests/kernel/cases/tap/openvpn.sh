# openvpn makes and removes devices
openvpn --mktun --dev tap7 | grep -o 'TUN/TAP device.*'
openvpn --mktun --dev tun8 --dev-type tun | grep -o 'Persist state.*'
ip tuntap
openvpn --rmtun --dev tap7 | grep -o 'Persist state.*'
openvpn --rmtun --dev tun8 | grep -o 'Persist state.*'
ip tuntap
