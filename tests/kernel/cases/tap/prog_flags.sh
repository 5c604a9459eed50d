# flags in TUNSETIFF and what TUNGETIFF tells of them
tuntool flags
