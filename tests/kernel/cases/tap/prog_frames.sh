# frames are read and written, one to one
tuntool frames
