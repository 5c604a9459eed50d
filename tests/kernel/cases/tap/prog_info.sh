# frames with packet information
# differs: short.0[01]0088b5 a socket does not tell its writer that the reader had no room (TUN_PKT_STRIP)
tuntool info
