# scattered reads and writes
tuntool vectors
