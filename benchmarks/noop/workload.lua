-- Nothing: what the way into a core and back costs, the floor of all other figures.
return size
