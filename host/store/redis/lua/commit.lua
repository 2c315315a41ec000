-- commit changes one conversation under its lease. Answers 1, or 0 when the lease was taken over.
local due, conv, box, out, seq, rest, names = unpack(KEYS)
local name, fence, letters = ARGV[1], ARGV[2], tonumber(ARGV[3])
local n = 3

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

-- shorten lets the oldest letters make room.
local function shorten()
  local all = {}
  for _, field in ipairs(redis.call('HKEYS', conv)) do
    if string.sub(field, 1, 2) == 'l:' then
      local number = string.match(redis.call('HGET', conv, field), '^%d+')
      all[#all + 1] = {tonumber(number), field}
    end
  end
  table.sort(all, function(a, b) return a[1] < b[1] end)
  for i = 1, #all - letters do redis.call('HDEL', conv, all[i][2]) end
end

if not holds(conv, fence) then return 0 end
local release, hold, session = take(), take(), take()
if session == '1' then redis.call('HSET', conv, 's', take()) end

for _ = 1, count() do -- consumed
  local id = take()
  redis.call('ZREM', box, id)
  redis.call('HDEL', conv, 'e:' .. id)
end
local aside = count()
for _ = 1, aside do
  local letter, record = take(), take()
  redis.call('HSET', conv, 'l:' .. letter, redis.call('INCR', seq) .. ':' .. record)
end
if aside > 0 then shorten() end
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
redis.call('HDEL', conv, 'n')
if release == '1' then finish(conv, rest, names, name) end
place(due, name, conv, work(conv, box, out))
return 1
