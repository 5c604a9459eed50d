# a device deleted under its descriptor reads as an end of file
# differs: poll the descriptor is a socket, whose other end has gone
# differs: read: as above
# differs: write: as above
# differs: TUNGETIFF: as above
tuntool deleted
