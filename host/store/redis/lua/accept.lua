-- accept adds events to one conversation, leaving out those that are known.
-- Answers the place in the batch and the number of each that was new.
local due, conv, box, seq, rest, names, seen = unpack(KEYS)
local name, now, step, forget, sweep = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]

for _, hash in ipairs(redis.call('ZRANGEBYSCORE', seen, '-inf', now, 'LIMIT', 0, sweep)) do
  redis.call('ZREM', seen, hash)
end

local fresh, at = {}, never
for i = 6, #ARGV, 4 do
  local hash, id, ready, record = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if tonumber(redis.call('ZSCORE', seen, hash) or 0) <= now then
    redis.call('ZADD', seen, forget, hash)
    if not redis.call('ZSCORE', box, id) then
      local number = redis.call('INCR', seq)
      redis.call('HSET', conv, 'e:' .. id, number .. ':' .. record)
      redis.call('ZADD', box, ready, id)
      at = math.min(at, tonumber(ready))
      fresh[#fresh + 1] = (i - 6) / 4
      fresh[#fresh + 1] = number
    end
  end
end

if #fresh > 0 then
  stir(conv, rest, names, name, step)
  at = math.max(at, tonumber(redis.call('HGET', conv, 'u') or 0))
  if at < tonumber(redis.call('ZSCORE', due, name) or never) then
    redis.call('ZADD', due, at, name)
  end
end
return fresh
