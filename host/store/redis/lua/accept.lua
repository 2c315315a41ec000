-- accept adds events to conversations, leaving out those that are known. It leases a conversation until its till if that
-- is not 0, any of its events is work, and no lease runs. Answers for each conversation the numbers of its events, 0 for one
-- that was known: of one event the number, of several their list; with a lease a list of that, the fence and all that was kept
-- before; a text when it could not be written. Times stay the texts as which they came wherever that is possible: Lua is
-- slow at making texts of numbers.
local due, rest, names, seen, boot = unpack(KEYS, 1, 5)
local call, keys, args = redis.call, KEYS, ARGV -- what is local is found faster
local now, step, forget, sweep, total = tonumber(args[1]), args[2], args[3], tonumber(args[4]), tonumber(args[5])
local hash, n = 5, 5 + total -- before the first hash of an id, and before the first conversation
local fence -- of the leases that are given

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
  local all, was, u, leases, elsewhere
  if till == '0' then
    local is = call('HMGET', conv, 'a', 'u')
    was, u = is[1], is[2]
  else
    all = call('HGETALL', conv)
    local is = marks(all)
    was, u, leases, elsewhere = is.a, is.u, is.n, is.d
  end
  local number, rests, first, alone = heard(was)
  local earliest, numbers, last, fields = nil, {}, 0, {}
  for e = 1, count do
    local id, ready, record = args[h + e], args[a + 1], args[a + 2]
    a, last = a + 2, 0
    if not known[id] then
      known[id] = true
      put(remember, forget, id)
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
        last = number + 1
        number = last == 1 and '1' or tostring(last)
        put(fields, 'e:' .. id, number .. ':' .. record)
      end
    end
    if count > 1 then numbers[e] = last end
  end
  if count == 1 then numbers = last end
  if not earliest then return numbers end

  put(fields, 'a', hears(number, step, first, alone))
  local runs = tonumber(u or 0)
  local lease = till ~= '0' and tonumber(earliest) <= now and runs <= now and #fields < 1000
  if lease then
    fence = fence or stamp(boot)
    begin(conv, fence, till, leases, unpack(fields))
    if elsewhere then call('HDEL', conv, 'd') end
    put(leased, till, name)
  else
    change('HSET', conv, fields)
    put(wake, runs > tonumber(earliest) and u or earliest, name)
  end
  if rests ~= step then
    put(stirred, step, name)
    if not rests then put(named, '0', name) end
  end
  return lease and {numbers, fence, all} or numbers
end

local answers = {}
for k = 6, #keys, 2 do
  local count, before = tonumber(args[n + 3]), #remember
  local ok, answer = pcall(receive, keys[k], keys[k + 1], args[n + 1], args[n + 2], count, hash, n + 3)
  hash, n = hash + count, n + 3 + 2 * count
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
