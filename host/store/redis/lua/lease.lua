-- lease moves the end of a lease, or ends it when till is 0. Answers 1, or 0 when the lease was taken over.
local due, conv, rest, names, boot = unpack(KEYS)
local name, fence, till = ARGV[1], ARGV[2], ARGV[3]

local is = redis.call('HMGET', conv, 'f', 'b', 'o', 'h', 'd')
if not holds(begun(boot), is[1], fence) then return 0 end
local at = work(is[2], is[3], is[4])
if till == '0' then
  redis.call('HDEL', conv, 'f', 'u', 'n', 'd')
  clear(conv, rest, names, name)
  place(due, name, at)
else
  redis.call('HSET', conv, 'u', till)
  remark(conv, is[5], place(due, name, at, till))
end
return 1
