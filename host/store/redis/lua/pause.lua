-- pause sets the pause of a Page in one partition, or removes it when none is given. Those it held
-- back become due again: take finds out whether a new pause holds them. With a third argument it shortens none. Answers 1, or 0 when
-- it has not set the pause because of that.
local due, pauses, parked = unpack(KEYS)
local page, pause, prolong = unpack(ARGV)

-- ends is when a pause ends.
local function ends(value)
  local at = tonumber(string.match(value, '^%d+'))
  return at == 0 and never or at
end

local stands = prolong and redis.call('HGET', pauses, page)
if stands and ends(stands) >= ends(pause) then return 0 end
if pause then redis.call('HSET', pauses, page, pause) else redis.call('HDEL', pauses, page) end
local back = redis.call('ZRANGE', parked, 0, -1, 'WITHSCORES')
for i = 1, #back, 2 do
  if tonumber(back[i + 1]) < tonumber(redis.call('ZSCORE', due, back[i]) or never) then
    redis.call('ZADD', due, back[i + 1], back[i])
  end
end
redis.call('DEL', parked)
return 1
