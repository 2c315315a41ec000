-- commit changes one conversation under its lease. Answers 1, or 0 when the lease was taken over.
local due, conv, box, out, seq = unpack(KEYS)
local name, fence = ARGV[1], ARGV[2]
local n = 2

local function take()
  n = n + 1
  return ARGV[n]
end

local function count()
  return tonumber(take())
end

local function drop(id)
  redis.call('ZREM', out, id)
  redis.call('HDEL', conv, 'm:' .. id, 'k:' .. id, 't:' .. id)
end

if not holds(conv, fence) then return 0 end
local release, hold, session = take(), take(), take()
if session == '1' then redis.call('HSET', conv, 's', take()) end

for _ = 1, count() do -- consumed
  local id = take()
  redis.call('ZREM', box, id)
  redis.call('HDEL', conv, 'e:' .. id)
end
for _ = 1, count() do drop(take()) end -- settled
for _ = 1, count() do -- retried
  local id = take()
  if redis.call('ZSCORE', out, id) then redis.call('HINCRBY', conv, 't:' .. id, 1) end
end
if take() == '1' then -- cancel
  for _, id in ipairs(redis.call('ZRANGE', out, 0, -1)) do
    if redis.call('HEXISTS', conv, 'm:' .. id) == 1 then drop(id) end
  end
end
for _ = 1, count() do -- sends
  local id, at, kind, record = take(), take(), take(), take()
  drop(id)
  redis.call('ZADD', out, at, id)
  redis.call('HSET', conv, kind .. id, redis.call('INCR', seq) .. ':' .. record)
end

if hold == '0' then redis.call('HDEL', conv, 'h') else redis.call('HSET', conv, 'h', hold) end
if release == '1' then redis.call('HDEL', conv, 'f', 'u') end
place(due, name, conv, math.min(first(box), sends(conv, out)))
return 1
