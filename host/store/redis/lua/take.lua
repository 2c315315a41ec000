-- take leases one conversation, if its time has come. Answers the fence, since when it was due, and
-- all that is kept of it; or nothing, after putting it where it belongs.
local due, conv, box, out, seq, rest, names, pauses, parked = unpack(KEYS)
local name, page, now, step, till = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]

local score = tonumber(redis.call('ZSCORE', due, name) or never)
if score > now then return {} end -- another host was faster

local later = sends(conv, out)
redis.call('ZREM', parked, name)
local pause = later < never and redis.call('HGET', pauses, page)
if pause then
  local ends = tonumber(string.match(pause, '^%d+'))
  if ends == 0 then ends = never end
  if ends > later then
    redis.call('ZADD', parked, later, name)
    later = ends
  end
end

local at = math.min(first(box), later)
local leased = tonumber(redis.call('HGET', conv, 'u') or 0)
if math.max(at, leased) > score then
  place(due, name, conv, at)
  return {}
end
local fence = begin(conv, seq, till)
stir(conv, rest, names, name, step)
redis.call('ZADD', due, till, name)
return {fence, score, redis.call('HGETALL', conv)}
