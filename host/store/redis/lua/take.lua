-- take leases one conversation, if it is due since the time the index says. Answers the fence and all
-- that was kept of it before; or nothing, after putting it where it belongs.
local due, conv, rest, names, pauses, parked, boot = unpack(KEYS)
local name, page, score, step, till = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]

local all = redis.call('HGETALL', conv)
local is = marks(all)
local number, rests, first, alone = heard(is.a)

local later = sends(is.o, is.h)
if is.p then
  redis.call('ZREM', parked, name)
  redis.call('HDEL', conv, 'p')
end
local pause = later < never and redis.call('HGET', pauses, page)
if pause then
  local ends = tonumber(string.match(pause, '^%d+'))
  if ends == 0 then ends = never end
  if ends > later then
    redis.call('ZADD', parked, later, name)
    redis.call('HSET', conv, 'p', 1)
    later = ends
  end
end

local at = math.min(tonumber(first or never), later)
if math.max(at, tonumber(is.u or 0)) > score then
  remark(conv, is.d, place(due, name, at, is.u) and is.u) -- or another host was faster
  return {}
end
local fence = stamp(boot)
begin(conv, fence, till, is.n, 'a', hears(number, step, first, alone))
if rests ~= step then stir(rest, names, name, step) end
redis.call('ZADD', due, till, name)
remark(conv, is.d, false)
return {fence, all}
