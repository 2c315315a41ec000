-- KEYS: the paper, a hash of r (revision) and b (body)
-- ARGV: the revision it must have still, body (empty: removed)
-- Returns whether it was done (1, 0) and the revision that stands now.
local now = tonumber(redis.call('HGET', KEYS[1], 'r') or 0)
if now ~= tonumber(ARGV[1]) then return {0, now} end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
  return {1, 0}
end
redis.call('HSET', KEYS[1], 'r', now + 1, 'b', ARGV[2])
return {1, now + 1}
