-- boot notes since when this run of the server is known: leases that were given before are worth nothing.
local boot, run = KEYS[1], ARGV[1]
if redis.call('HGET', boot, 'run') ~= run then
  local now = redis.call('TIME')
  redis.call('HSET', boot, 'run', run, 'since', string.format('%.0f', now[1] * 1000000 + now[2]))
end
return 1
