-- Objects in the manner of DeltaBlue: one-way constraints of different strengths between variables,
-- planned and satisfied step by step as constraints come and go. `size` variables in a chain of
-- equalities, then as many pairs that are a scale and an offset apart; the values are checked.
local required, preferred, strong_default, normal, weakest = 1, 2, 3, 4, 7

local function pop(list)
  local last = list[#list]
  list[#list] = nil
  return last
end

local Variable = {}
Variable.__index = Variable

function Variable.new(value)
  return setmetatable({
    value = value, constraints = {}, determined_by = nil, mark = 0,
    strength = weakest, stays = true,
  }, Variable)
end

function Variable:remove(constraint)
  local kept = {}
  for _, each in ipairs(self.constraints) do
    if each ~= constraint then kept[#kept + 1] = each end
  end
  self.constraints = kept
  if self.determined_by == constraint then self.determined_by = nil end
end

-- Appends the satisfied constraints that take the variable as their input.
function Variable:append_consumers(list)
  for _, constraint in ipairs(self.constraints) do
    if constraint ~= self.determined_by and constraint:is_satisfied() then
      list[#list + 1] = constraint
    end
  end
end

local Planner = { mark = 0 }

function Planner:new_mark()
  self.mark = self.mark + 1
  return self.mark
end

-- Each constraint may put out a weaker one, which then looks for another way.
function Planner:add(constraint)
  local mark = self:new_mark()
  while constraint do constraint = constraint:satisfy(self, mark) end
end

function Planner:remove(constraint)
  local output = constraint:output()
  constraint:unsatisfy()
  constraint:leave_graph()
  output.determined_by, output.strength, output.stays = nil, weakest, true
  local unsatisfied, todo = {}, { output }
  while #todo > 0 do
    local variable = pop(todo)
    for _, each in ipairs(variable.constraints) do
      if not each:is_satisfied() then
        unsatisfied[#unsatisfied + 1] = each
      elseif each ~= variable.determined_by then
        each:recalculate()
        todo[#todo + 1] = each:output()
      end
    end
  end
  for strength = required, weakest do
    for _, each in ipairs(unsatisfied) do
      if each.strength == strength then self:add(each) end
    end
  end
end

-- False where the constraints form a ring.
function Planner:propagate(constraint, mark)
  local todo = { constraint }
  while #todo > 0 do
    local each = pop(todo)
    local output = each:output()
    if output.mark == mark then return false end
    each:recalculate()
    output:append_consumers(todo)
  end
  return true
end

-- The constraints to execute, in order, when the value of a source has changed.
function Planner:plan_from(sources)
  local mark, plan, todo = self:new_mark(), {}, {}
  for _, source in ipairs(sources) do
    if source:is_satisfied() then todo[#todo + 1] = source end
  end
  while #todo > 0 do
    local constraint = pop(todo)
    local output = constraint:output()
    if output.mark ~= mark and constraint:inputs_known(mark) then
      plan[#plan + 1] = constraint
      output.mark = mark
      output:append_consumers(todo)
    end
  end
  return plan
end

local function execute_all(plan)
  for _, constraint in ipairs(plan) do constraint:execute() end
end

local function class_from(parent)
  local class = setmetatable({}, { __index = parent })
  class.__index = class
  return class
end

local Constraint = class_from(nil)

function Constraint:enter()
  self:enter_graph()
  Planner:add(self)
  return self
end

function Constraint:leave()
  if self:is_satisfied() then Planner:remove(self) else self:leave_graph() end
end

-- Returns the constraint that had determined the output before.
function Constraint:satisfy(planner, mark)
  self:choose_method(mark)
  if not self:is_satisfied() then
    if self.strength == required then error("a required constraint can't be satisfied") end
    return nil
  end
  self:mark_inputs(mark)
  local output = self:output()
  local overridden = output.determined_by
  if overridden then overridden:unsatisfy() end
  output.determined_by = self
  if not planner:propagate(self, mark) then error("the constraints form a ring") end
  output.mark = mark
  return overridden
end

-- Of one variable: it stays as it is, or is edited from outside.
local Unary = class_from(Constraint)

function Unary:enter_graph()
  local constraints = self.variable.constraints
  constraints[#constraints + 1] = self
  self.satisfied = false
end
function Unary:leave_graph()
  self.variable:remove(self)
  self.satisfied = false
end
function Unary:choose_method(mark)
  self.satisfied = self.variable.mark ~= mark and self.strength < self.variable.strength
end
function Unary:is_satisfied() return self.satisfied end
function Unary:unsatisfy() self.satisfied = false end
function Unary:output() return self.variable end
function Unary:mark_inputs() end
function Unary:inputs_known() return true end
function Unary:execute() end
function Unary:recalculate()
  self.variable.strength = self.strength
  self.variable.stays = not self.is_input
end

local Stay, Edit = class_from(Unary), class_from(Unary)
Edit.is_input = true

function Stay.new(variable, strength)
  return setmetatable({ variable = variable, strength = strength }, Stay):enter()
end
function Edit.new(variable, strength)
  return setmetatable({ variable = variable, strength = strength }, Edit):enter()
end

-- Of two variables, one of which determines the other.
local Binary = class_from(Constraint)

function Binary:variables() return { self.a, self.b } end
function Binary:enter_graph()
  for _, variable in ipairs(self:variables()) do
    variable.constraints[#variable.constraints + 1] = self
  end
  self.direction = nil
end
function Binary:leave_graph()
  for _, variable in ipairs(self:variables()) do variable:remove(self) end
  self.direction = nil
end
function Binary:choose_method(mark)
  local a, b = self.a, self.b
  local may_set_a = a.mark ~= mark and self.strength < a.strength
  local may_set_b = b.mark ~= mark and self.strength < b.strength
  self.direction = nil
  if a.mark == mark then
    if may_set_b then self.direction = "to b" end
  elseif b.mark == mark then
    if may_set_a then self.direction = "to a" end
  elseif a.strength > b.strength then
    if may_set_a then self.direction = "to a" end
  elseif may_set_b then
    self.direction = "to b"
  end
end
function Binary:is_satisfied() return self.direction ~= nil end
function Binary:unsatisfy() self.direction = nil end
function Binary:input() return self.direction == "to b" and self.a or self.b end
function Binary:output() return self.direction == "to b" and self.b or self.a end
function Binary:mark_inputs(mark) self:input().mark = mark end
function Binary:inputs_known(mark)
  local input = self:input()
  return input.mark == mark or input.stays or input.determined_by == nil
end
function Binary:recalculate()
  local input, output = self:input(), self:output()
  output.strength = math.max(self.strength, input.strength)
  output.stays = self:all_stay()
  if output.stays then self:execute() end
end
function Binary:all_stay() return self:input().stays end

local Equal = class_from(Binary)
function Equal.new(a, b, strength)
  return setmetatable({ a = a, b = b, strength = strength }, Equal):enter()
end
function Equal:execute() self:output().value = self:input().value end

-- b = a * scale + offset, where scale and offset are never the output.
local Scale = class_from(Binary)
function Scale.new(a, b, strength, terms)
  local scale = { a = a, b = b, strength = strength, scale = terms.scale, offset = terms.offset }
  return setmetatable(scale, Scale):enter()
end
function Scale:variables() return { self.a, self.b, self.scale, self.offset } end
function Scale:mark_inputs(mark)
  Binary.mark_inputs(self, mark)
  self.scale.mark, self.offset.mark = mark, mark
end
function Scale:all_stay()
  return Binary.all_stay(self) and self.scale.stays and self.offset.stays
end
function Scale:execute()
  if self.direction == "to b" then
    self.b.value = self.a.value * self.scale.value + self.offset.value
  else
    self.a.value = (self.b.value - self.offset.value) // self.scale.value
  end
end

local function chain()
  local first = Variable.new(0)
  local last = first
  for _ = 1, size do
    local next_one = Variable.new(0)
    Equal.new(last, next_one, required)
    last = next_one
  end
  Stay.new(last, strong_default)
  local edit = Edit.new(first, preferred)
  local plan = Planner:plan_from({ edit })
  local sum = 0
  for value = 1, 20 do
    first.value = value
    execute_all(plan)
    if last.value ~= value then error("the chain's end is " .. last.value) end
    sum = sum + last.value
  end
  edit:leave()
  return sum
end

local function change(variable, value)
  local edit = Edit.new(variable, preferred)
  local plan = Planner:plan_from({ edit })
  for _ = 1, 5 do
    variable.value = value
    execute_all(plan)
  end
  edit:leave()
end

local function projection()
  local terms = { scale = Variable.new(10), offset = Variable.new(1000) }
  local sources, targets = {}, {}
  for i = 1, size do
    sources[i], targets[i] = Variable.new(i), Variable.new(i)
    Stay.new(sources[i], normal)
    Scale.new(sources[i], targets[i], required, terms)
  end
  local function sum_of_targets()
    local sum = 0
    for _, target in ipairs(targets) do sum = sum + target.value end
    return sum
  end
  change(sources[size], 17)
  local results = { targets[size].value }
  change(targets[size], 1050)
  results[2] = sources[size].value
  change(terms.scale, 5)
  results[3] = sum_of_targets()
  change(terms.offset, 2000)
  results[4] = sum_of_targets()
  return table.concat(results, " ")
end

return chain() .. " " .. projection()
