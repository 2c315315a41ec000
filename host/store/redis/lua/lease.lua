-- lease moves the end of a lease, or ends it when till is 0. Answers 1, or 0 when the lease was taken over.
local due, conv, box, out, rest, names = unpack(KEYS)
local name, fence, till = ARGV[1], ARGV[2], ARGV[3]

if not holds(conv, fence) then return 0 end
if till == '0' then
  finish(conv, rest, names, name)
else
  redis.call('HSET', conv, 'u', till)
end
place(due, name, conv, work(conv, box, out))
return 1
