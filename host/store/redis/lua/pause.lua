-- pause sets the pause of a Page in one partition, or removes it when none is given. Those it held
-- back become due again: take finds out whether a new pause holds them.
local due, pauses, parked = unpack(KEYS)
local page, pause = ARGV[1], ARGV[2]

if pause then redis.call('HSET', pauses, page, pause) else redis.call('HDEL', pauses, page) end
local back = redis.call('ZRANGE', parked, 0, -1, 'WITHSCORES')
for i = 1, #back, 2 do
  if tonumber(back[i + 1]) < tonumber(redis.call('ZSCORE', due, back[i]) or never) then
    redis.call('ZADD', due, back[i + 1], back[i])
  end
end
redis.call('DEL', parked)
return 1
