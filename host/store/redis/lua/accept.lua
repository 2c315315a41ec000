-- accept adds events to conversations, leaving out those that are known. It leases a conversation until its till if that
-- is not 0, any of its events is work, and no lease runs. Answers for each conversation the place among its events and
-- the number of those that were new; with a lease, the fence and all that was kept before too; a text when it could
-- not be written. Times stay the texts as which they came wherever that is possible: Lua is slow at making texts of numbers.
local due, rest, names, seen = unpack(KEYS, 1, 4)
local now, step, forget, sweep, total = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local hash, n = 5, 5 + total -- before the first hash of an id, and before the first conversation
local fence = stamp()

if sweep > 0 then
  change('ZREM', seen, redis.call('ZRANGEBYSCORE', seen, '-inf', now, 'LIMIT', 0, sweep))
end

local known = {}
for i = hash + 1, n, 1000 do
  for j, score in ipairs(redis.call('ZMSCORE', seen, unpack(ARGV, i, math.min(i + 999, n)))) do
    if score and tonumber(score) > now then known[ARGV[i + j - 1]] = true end
  end
end

-- What is written to the indexes at the end, for all conversations.
local remember, wake, leased, stirred, named = {}, {}, {}, {}, {}

-- receive adds count events to a conversation, whose hashes stand behind h and the rest of them behind a, and answers as
-- said above. The hashes of those that are new are put in new.
local function receive(conv, box, name, till, count, h, a, new)
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

  local number, earliest, fresh, fields, met = tonumber(is.q or 0), nil, {}, {}, {}
  for i = 1, count do
    local key, id, ready, record = ARGV[h + i], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]
    a = a + 3
    if not known[key] and not met[key] then
      met[key] = true
      new[#new + 1] = key
      if not waits(id, ready) then
        number = number + 1
        if not earliest or tonumber(ready) < tonumber(earliest) then earliest = ready end
        put(fields, 'e:' .. id, number .. ':' .. record)
        put(fresh, i - 1, number)
      end
    end
  end
  if is.i and not alone then redis.call('HDEL', conv, 'i') end
  if not earliest then return {fresh} end

  put(fields, 'q', number)
  put(fields, 'b', first)
  if alone then put(fields, 'i', alone) end
  if is.r ~= step then put(fields, 'r', step) end
  local runs = tonumber(is.u or 0)
  local lease = till ~= '0' and tonumber(earliest) <= now and runs <= now and #fields < 1000
  if lease then
    begin(conv, fence, till, is.n, unpack(fields))
    if is.d then redis.call('HDEL', conv, 'd') end
    put(leased, till, name)
  else
    change('HSET', conv, fields)
    put(wake, runs > tonumber(earliest) and is.u or earliest, name)
  end
  if is.r ~= step then
    put(stirred, step, name)
    if not is.r then put(named, '0', name) end
  end
  return lease and {fresh, fence, all} or {fresh}
end

local answers = {}
for k = 5, #KEYS, 2 do
  local name, till, count, new = ARGV[n + 1], ARGV[n + 2], tonumber(ARGV[n + 3]), {}
  local ok, answer = pcall(receive, KEYS[k], KEYS[k + 1], name, till, count, hash, n + 3, new)
  hash, n = hash + count, n + 3 + 3 * count
  if ok then
    for _, key in ipairs(new) do
      known[key] = true
      put(remember, forget, key)
    end
  end
  answers[#answers + 1] = ok and answer or reason(answer)
end

change('ZADD', seen, remember)
change('ZADD', rest, stirred)
change('ZADD', names, named)
for i = 1, #wake, 1000 do
  redis.call('ZADD', due, 'LT', unpack(wake, i, math.min(i + 999, #wake)))
end
change('ZADD', due, leased)
return answers
