-- Objects with metatables, inheritance and operators; the list refers to some of them twice.

local Account = {}
Account.__index = Account

function Account.new(class, owner) return setmetatable({ owner = owner, cents = 0 }, class) end

function Account:pay_in(cents) self.cents = self.cents + cents return self end

function Account:__tostring()
  return ("%s: %d.%02d"):format(self.owner, self.cents // 100, self.cents % 100)
end

function Account.__lt(a, b) return a.cents < b.cents end

local Savings = { __tostring = Account.__tostring, __lt = Account.__lt }
setmetatable(Savings, { __index = Account })
Savings.__index = Savings

function Savings:add_interest(percent) return self:pay_in(self.cents * percent // 100) end

local ann, bob = Savings:new("Ann"), Account:new("Bob")
ann:pay_in(10000)
bob:pay_in(10200)
local accounts = { ann, bob, richest = bob }

function go_on()
  ann:add_interest(3)
  if accounts.richest < ann then accounts.richest = ann end
  return ("%s, %s; richest is %s"):format(ann, bob, accounts.richest.owner)
end
