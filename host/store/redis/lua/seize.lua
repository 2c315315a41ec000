-- seize leases one conversation, whether or not it has work. Answers the fence, or 0 when another lease runs.
local due, conv, rest, names, boot = unpack(KEYS)
local name, now, step, till = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

local is = redis.call('HMGET', conv, 'u', 'n', 'a', 'o', 'h', 'd')
if tonumber(is[1] or 0) > now then return 0 end
local number, rests, first, alone = heard(is[3])
local fence = stamp(boot)
begin(conv, fence, till, is[2], 'a', hears(number, step, first, alone))
if rests ~= step then stir(rest, names, name, step) end
remark(conv, is[6], place(due, name, work(first, is[4], is[5]), till))
return fence
