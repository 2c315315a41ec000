-- accept adds events to one conversation, leaving out those that are known, and leases it until till if that is not 0,
-- any of them is work, and no lease runs. Answers the place in the batch and the number of each that was new; with a
-- lease, the fence and all that was kept before too.
local due, conv, box, rest, names, seen = unpack(KEYS)
local name, now, step, forget, sweep, till = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]

if sweep > 0 then
  change('ZREM', seen, redis.call('ZRANGEBYSCORE', seen, '-inf', now, 'LIMIT', 0, sweep))
end

local is, all = {}, nil
if till == '0' then
  local some = redis.call('HMGET', conv, 'r', 'u', 'b', 'q', 'i')
  is.r, is.u, is.b, is.q, is.i = some[1], some[2], some[3], some[4], some[5]
else
  all = redis.call('HGETALL', conv)
  is = marks(all)
end
local first, alone = is.b, is.i

-- waits tells whether an event waits already; if not, it does now.
local function waits(id, ready)
  if not first then
    first, alone = ready, id
    return false
  end
  if alone == id then return true end
  if alone then redis.call('ZADD', box, first, alone) end
  alone = nil
  if redis.call('ZADD', box, 'NX', ready, id) == 0 then return true end
  if tonumber(ready) < tonumber(first) then first = ready end
  return false
end

-- news tells whether an event is new, and remembers it.
local function news(hash, id, ready)
  if redis.call('ZADD', seen, 'NX', forget, hash) == 0 then
    if tonumber(redis.call('ZSCORE', seen, hash)) > now then return false end
    redis.call('ZADD', seen, forget, hash)
  end
  return not waits(id, ready)
end

local number, earliest = tonumber(is.q or 0), never
local fresh, fields = {}, {}
for i = 7, #ARGV, 4 do
  local hash, id, ready, record = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if news(hash, id, ready) then
    number = number + 1
    earliest = math.min(earliest, tonumber(ready))
    fields[#fields + 1] = 'e:' .. id
    fields[#fields + 1] = number .. ':' .. record
    fresh[#fresh + 1] = (i - 7) / 4
    fresh[#fresh + 1] = number
  end
end
if is.i and not alone then redis.call('HDEL', conv, 'i') end
if #fresh == 0 then return {fresh} end

local function put(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
put('q', number)
put('b', first)
if alone then put('i', alone) end

if till ~= '0' and earliest <= now and tonumber(is.u or 0) <= now and #fields < 1000 then
  local fence = begin(conv, rest, names, name, step, till, is.n, is.r, unpack(fields))
  redis.call('ZADD', due, till, name)
  remark(conv, is.d, false)
  return {fresh, fence, all}
end
put('r', step)
change('HSET', conv, fields)
if is.r ~= step then stir(rest, names, name, step) end
redis.call('ZADD', due, 'LT', math.max(earliest, tonumber(is.u or 0)), name)
return {fresh}
