# a blocking read
tuntool blocking
