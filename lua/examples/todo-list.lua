-- A list of tasks in an external table of its own: entries are tables, and those are copies.
-- The functions stay as globals, so that the host can call them: core.call("todo.add", "water").

local tasks = ext.table("todo")

todo = {}

-- Adds a task and returns its number, which is never given again.
function todo.add(text)
  local number = (_home.last_task or 0) + 1
  _home.last_task = number
  tasks[number] = { text = text, done = false }
  return number
end

-- Marks a task. What was read is a copy: it has to be put back.
function todo.done(number)
  local task = tasks[number]
  if not task then error("there is no task " .. tostring(number), 2) end
  task.done = true
  tasks[number] = task
end

-- Takes the finished tasks away: an entry may be deleted on the way through a table.
function todo.clear_done()
  local cleared = 0
  for number, task in pairs(tasks) do
    if task.done then
      tasks[number] = nil
      cleared = cleared + 1
    end
  end
  return cleared
end

function todo.show()
  for number, task in pairs(tasks) do
    print(string.format("%2d [%s] %s", number, task.done and "x" or " ", task.text))
  end
end

local first = todo.add("build the core")
todo.add("run the matrix")
todo.done(first)
todo.show()
local cleared = todo.clear_done()
print(cleared .. " cleared, " .. #tasks .. " open")
return #tasks
