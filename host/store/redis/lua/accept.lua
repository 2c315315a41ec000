-- accept adds events to conversations, leaving out those that are known. It leases a conversation until its till if that
-- is not 0, any of its events is work, and no lease runs. Answers for each conversation the place among its events and
-- the number of those that were new, one after the other; with a lease a list of those, the fence and all that was kept
-- before; a text when it could not be written. Times stay the texts as which they came wherever that is possible: Lua is
-- slow at making texts of numbers.
local due, rest, names, seen, boot = unpack(KEYS, 1, 5)
local call, keys, args = redis.call, KEYS, ARGV -- what is local is found faster
local now, step, forget, sweep, total = tonumber(args[1]), args[2], args[3], tonumber(args[4]), tonumber(args[5])
local hash, n = 5, 5 + total -- before the first hash of an id, and before the first conversation
local fence = stamp(boot)

if sweep > 0 then
  change('ZREM', seen, call('ZRANGEBYSCORE', seen, '-inf', now, 'LIMIT', 0, sweep))
end

local known = {}
for i = hash + 1, n, 1000 do
  for j, score in ipairs(call('ZMSCORE', seen, unpack(args, i, math.min(i + 999, n)))) do
    if score and tonumber(score) > now then known[args[i + j - 1]] = true end
  end
end

-- What is written to the indexes at the end, for all conversations.
local remember, wake, leased, stirred, named = {}, {}, {}, {}, {}

-- receive adds count events to a conversation, whose hashes stand behind h and the rest of them behind a, and answers as
-- said above. It runs for every message there is, so it makes no table, text or call that it can do without.
local function receive(conv, box, name, till, count, h, a)
  local all, r, u, b, q, i, leases, elsewhere
  if till == '0' then
    r, u, b, q, i = unpack(call('HMGET', conv, 'r', 'u', 'b', 'q', 'i'))
  else
    all = call('HGETALL', conv)
    local is = marks(all)
    r, u, b, q, i, leases, elsewhere = is.r, is.u, is.b, is.q, is.i, is.n, is.d
  end
  local first, alone, earliest, fresh, fields = b, i, nil, {}, {}
  for e = 1, count do
    local key, id, ready, record = args[h + e], args[a + 1], args[a + 2], args[a + 3]
    a = a + 3
    if not known[key] then
      known[key] = true
      put(remember, forget, key)
      local waits = alone == id -- already
      if not first then
        first, alone = ready, id
      elseif not waits then
        if alone then call('ZADD', box, first, alone) end
        alone = nil
        waits = call('ZADD', box, 'NX', ready, id) == 0
        if not waits and tonumber(ready) < tonumber(first) then first = ready end
      end
      if not waits then
        if not earliest or tonumber(ready) < tonumber(earliest) then earliest = ready end
        local number = (q or 0) + 1
        q = number == 1 and '1' or tostring(number)
        put(fields, 'e:' .. id, q .. ':' .. record)
        put(fresh, e - 1, number)
      end
    end
  end
  if i and not alone then call('HDEL', conv, 'i') end
  if not earliest then return fresh end

  put(fields, 'q', q)
  put(fields, 'b', first)
  if alone then put(fields, 'i', alone) end
  if r ~= step then put(fields, 'r', step) end
  local runs = tonumber(u or 0)
  local lease = till ~= '0' and tonumber(earliest) <= now and runs <= now and #fields < 1000
  if lease then
    begin(conv, fence, till, leases, unpack(fields))
    if elsewhere then call('HDEL', conv, 'd') end
    put(leased, till, name)
  else
    change('HSET', conv, fields)
    put(wake, runs > tonumber(earliest) and u or earliest, name)
  end
  if r ~= step then
    put(stirred, step, name)
    if not r then put(named, '0', name) end
  end
  return lease and {fresh, fence, all} or fresh
end

local answers = {}
for k = 6, #keys, 2 do
  local count, before = tonumber(args[n + 3]), #remember
  local ok, answer = pcall(receive, keys[k], keys[k + 1], args[n + 1], args[n + 2], count, hash, n + 3)
  hash, n = hash + count, n + 3 + 3 * count
  if not ok then
    answer = reason(answer)
    for i = #remember, before + 1, -1 do -- nothing is remembered of what was not written
      known[remember[i]] = nil
      remember[i] = nil
    end
  end
  answers[#answers + 1] = answer
end

change('ZADD', seen, remember)
change('ZADD', rest, stirred)
change('ZADD', names, named)
for i = 1, #wake, 1000 do
  call('ZADD', due, 'LT', unpack(wake, i, math.min(i + 999, #wake)))
end
change('ZADD', due, leased)
return answers
