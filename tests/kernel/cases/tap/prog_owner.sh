# owner and group
tuntool owner
