-- KEYS: the shelf, a hash of keys and values
-- ARGV: key, value (empty: removed), how many keys fit, and, if it has to be that still, the value before
-- Returns 1 when it is done, 0 when another value stands there, -1 when there is no room.
local now = redis.call('HGET', KEYS[1], ARGV[1])
if ARGV[4] and (now or '') ~= ARGV[4] then return 0 end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  return 1
end
if not now and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return -1 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
