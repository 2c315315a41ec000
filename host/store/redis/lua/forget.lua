-- forget erases a conversation that has rested since before a step. Answers 1 when it did, else 0.
local conv, box, out = unpack(KEYS)
local name, step = ARGV[1], tonumber(ARGV[2])

local _, rests = heard(redis.call('HGET', conv, 'a'))
if not rests or tonumber(rests) >= step then return 0 end
redis.call('DEL', conv, box, out)
for i = 4, #KEYS do redis.call('ZREM', KEYS[i], name) end
return 1
