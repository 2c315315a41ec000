-- lease moves the end of a lease, or ends it when till is 0; n is how often the conversation counts as leased from then on, or
-- below 0: as it was. Answers 1, or 0 when the lease was taken over.
local due, conv, rest, names, boot, parked = unpack(KEYS)
local name, fence, till, n = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local is = redis.call('HMGET', conv, 'f', 'a', 'o', 'h', 'd')
if not holds(begun(boot), is[1], fence) then return 0 end
local _, _, first = heard(is[2])
local at = work(first, is[3], is[4])
if till == '0' then
  redis.call('HDEL', conv, 'f', 'u', 'n', 'd')
  clear(conv, rest, names, parked, name)
  place(due, name, at)
else
  local set = {'u', till}
  if n >= 0 then put(set, 'n', n) end
  redis.call('HSET', conv, unpack(set))
  remark(conv, is[5], place(due, name, at, till))
end
return 1
