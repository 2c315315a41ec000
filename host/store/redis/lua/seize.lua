-- seize leases one conversation, whether or not it has work. Answers the fence, or 0 when another lease runs.
local due, conv, box, out, seq, rest, names = unpack(KEYS)
local name, now, step, till = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

if tonumber(redis.call('HGET', conv, 'u') or 0) > now then return 0 end
local fence = begin(conv, seq, till)
stir(conv, rest, names, name, step)
place(due, name, conv, work(conv, box, out))
return fence
