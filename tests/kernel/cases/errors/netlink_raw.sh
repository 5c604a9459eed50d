# malformed and odd requests through a raw socket
rawlink
