-- What shows that a core that was just started works.
return _VERSION .. ("!"):rep(size)
