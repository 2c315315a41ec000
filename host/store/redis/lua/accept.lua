-- accept adds events to one conversation, leaving out those that are known.
-- Answers the place in the batch and the number of each that was new.
local due, conv, box, rest, names, seen = unpack(KEYS)
local name, now, step, forget, sweep = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5])

if sweep > 0 then
  change('ZREM', seen, redis.call('ZRANGEBYSCORE', seen, '-inf', now, 'LIMIT', 0, sweep))
end

-- news tells whether an event is new, and remembers it.
local function news(hash, id, ready)
  if redis.call('ZADD', seen, 'NX', forget, hash) == 0 then
    if tonumber(redis.call('ZSCORE', seen, hash)) > now then return false end
    redis.call('ZADD', seen, forget, hash)
  end
  return redis.call('ZADD', box, 'NX', ready, id) == 1
end

local is = redis.call('HMGET', conv, 'r', 'u', 'b', 'q')
local number, earliest = tonumber(is[4] or 0), never
local fresh, fields = {}, {}
for i = 6, #ARGV, 4 do
  local hash, id, ready, record = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if news(hash, id, ready) then
    number = number + 1
    earliest = math.min(earliest, tonumber(ready))
    fields[#fields + 1] = 'e:' .. id
    fields[#fields + 1] = number .. ':' .. record
    fresh[#fresh + 1] = (i - 6) / 4
    fresh[#fresh + 1] = number
  end
end
if #fresh == 0 then return fresh end

for field, value in pairs({q = number, r = step, b = math.min(earliest, tonumber(is[3] or never))}) do
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
change('HSET', conv, fields)
if is[1] ~= step then stir(rest, names, name, step) end
redis.call('ZADD', due, 'LT', math.max(earliest, tonumber(is[2] or 0)), name)
return fresh
