-- The operating system of Martin Richards' benchmark: six tasks pass packets to each other by the
-- priorities of a scheduler, until the idle task has run `size` times. Objects with methods.
local id_idle, id_worker, id_handler_a, id_handler_b, id_device_a, id_device_b = 1, 2, 3, 4, 5, 6
local bytes_per_packet = 4

local Packet = {}
Packet.__index = Packet

function Packet.new(link, id, kind)
  return setmetatable({ link = link, id = id, kind = kind, place = 1, bytes = {} }, Packet)
end

-- Puts the packet at the end of a queue, and returns the queue.
function Packet:append_to(queue)
  self.link = nil
  if queue == nil then return self end
  local last = queue
  while last.link do last = last.link end
  last.link = self
  return queue
end

local Scheduler = {}
Scheduler.__index = Scheduler

-- A task: whether a packet waits for it, whether it waits for one, and whether it is held.
local Task = {}
Task.__index = Task

function Task:is_stopped()
  return self.is_held or (self.is_waiting and not self.has_packet)
end

function Task:run()
  local packet
  if self.is_waiting and self.has_packet then
    packet = self.queue
    self.queue = packet.link
    self.is_waiting = false
    self.has_packet = self.queue ~= nil
  end
  return self:step(packet)
end

-- Takes a packet; returns the task that goes on: the one with the higher priority.
function Task:accept(packet, running)
  if self.queue == nil then
    self.queue = packet
    self.has_packet = true
    if self.priority > running.priority then return self end
  else
    self.queue = packet:append_to(self.queue)
  end
  return running
end

local function class_of_task()
  local class = setmetatable({}, { __index = Task })
  class.__index = class
  return class
end

local Idle = class_of_task()
function Idle:step()
  self.count = self.count - 1
  if self.count == 0 then return self.scheduler:hold_current() end
  if self.control & 1 == 0 then
    self.control = self.control >> 1
    return self.scheduler:release(id_device_a)
  end
  self.control = (self.control >> 1) ~ 0xD008
  return self.scheduler:release(id_device_b)
end

local Worker = class_of_task()
function Worker:step(packet)
  if packet == nil then return self.scheduler:suspend_current() end
  self.target = self.target == id_handler_a and id_handler_b or id_handler_a
  packet.id = self.target
  packet.place = 1
  for i = 1, bytes_per_packet do
    self.letter = self.letter % 26 + 1
    packet.bytes[i] = self.letter
  end
  return self.scheduler:send(packet)
end

local Handler = class_of_task()
function Handler:step(packet)
  if packet and packet.kind == "work" then
    self.work = packet:append_to(self.work)
  elseif packet then
    self.devices = packet:append_to(self.devices)
  end
  local work = self.work
  if work and work.place > bytes_per_packet then
    self.work = work.link
    return self.scheduler:send(work)
  end
  local device = self.devices
  if work and device then
    self.devices = device.link
    device.letter = work.bytes[work.place]
    work.place = work.place + 1
    return self.scheduler:send(device)
  end
  return self.scheduler:suspend_current()
end

local Device = class_of_task()
function Device:step(packet)
  if packet then
    self.pending = packet
    return self.scheduler:hold_current()
  end
  local pending = self.pending
  if pending == nil then return self.scheduler:suspend_current() end
  self.pending = nil
  return self.scheduler:send(pending)
end

function Scheduler.new()
  return setmetatable({ tasks = {}, sent = 0, held = 0 }, Scheduler)
end

-- The task that is added last is looked at first.
function Scheduler:add(class, task)
  task.scheduler = self
  task.link = self.first
  task.is_waiting = task.is_waiting ~= false
  task.has_packet = task.queue ~= nil
  task.is_held = false
  self.first = setmetatable(task, class)
  self.tasks[task.id] = task
end

function Scheduler:run()
  self.current = self.first
  while self.current do
    if self.current:is_stopped() then
      self.current = self.current.link
    else
      self.current = self.current:run()
    end
  end
end

function Scheduler:release(id)
  local task = self.tasks[id]
  task.is_held = false
  return task.priority > self.current.priority and task or self.current
end

function Scheduler:hold_current()
  self.held = self.held + 1
  self.current.is_held = true
  return self.current.link
end

function Scheduler:suspend_current()
  self.current.is_waiting = true
  return self.current
end

function Scheduler:send(packet)
  local target = self.tasks[packet.id]
  self.sent = self.sent + 1
  packet.link = nil
  packet.id = self.current.id
  return target:accept(packet, self.current)
end

local function packets(count, id, kind)
  local queue
  for _ = 1, count do queue = Packet.new(queue, id, kind) end
  return queue
end

local scheduler = Scheduler.new()
scheduler:add(Idle, { id = id_idle, priority = 0, is_waiting = false, control = 1, count = size })
scheduler:add(Worker, {
  id = id_worker, priority = 1000, queue = packets(2, id_worker, "work"),
  target = id_handler_a, letter = 0,
})
scheduler:add(Handler, {
  id = id_handler_a, priority = 2000, queue = packets(3, id_device_a, "device"),
})
scheduler:add(Handler, {
  id = id_handler_b, priority = 3000, queue = packets(3, id_device_b, "device"),
})
scheduler:add(Device, { id = id_device_a, priority = 4000 })
scheduler:add(Device, { id = id_device_b, priority = 5000 })
scheduler:run()
return scheduler.sent .. " " .. scheduler.held
