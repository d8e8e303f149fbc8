-- A counter that outlives the script: `_home` is a table outside of Lua's memory, and each run
-- counts one further.

_home.counter = (_home.counter or 0) + 1
print("Count: " .. _home.counter)
return _home.counter
