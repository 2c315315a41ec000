-- boot notes since when this run of the server is known: leases that were given before are worth nothing. A run never begins
-- before the one that it follows, wherever the clock was set.
local boot, run = KEYS[1], ARGV[1]
local is = redis.call('HMGET', boot, 'run', 'since', 'back')
if is[1] ~= run then
  local now = redis.call('TIME')
  local since = math.max(now[1] * 1000000 + now[2], tonumber(is[2] or 0) + tonumber(is[3] or 0) + 1)
  redis.call('HSET', boot, 'run', run, 'since', string.format('%.0f', since), 'back', 0)
end
return 1
