# attributes of a bad length or value
# differs: yard.br0.(8|39|41|45).[0-9]+$ this kernel is built without VLAN filtering
# differs: boolean.20.*option.20.at.60 the place in the request is told, too
# engine: bridge
# needs: bridge
rawlink bridge
