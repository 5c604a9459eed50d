# attributes of a bad length or value
# engine: bridge
# needs: bridge
rawlink bridge
