# another link type
tuntool linktype
