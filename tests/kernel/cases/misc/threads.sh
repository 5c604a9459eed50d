# netlink sockets of threads, many at once
manysockets
