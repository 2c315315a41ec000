-- seize leases one conversation, whether or not it has work. Answers the fence, or 0 when another lease runs.
local due, conv, rest, names, boot = unpack(KEYS)
local name, now, step, till = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

local is = redis.call('HMGET', conv, 'u', 'n', 'r', 'b', 'o', 'h', 'd')
if tonumber(is[1] or 0) > now then return 0 end
local fence = stamp(boot)
begin(conv, fence, till, is[2], 'r', step)
if is[3] ~= step then stir(rest, names, name, step) end
remark(conv, is[7], place(due, name, work(is[4], is[5], is[6]), till))
return fence
