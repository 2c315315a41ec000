-- commit changes conversations under their leases. Answers for each 1, or 0 when the lease was taken over; a text when it
-- could not be written.
local due, rest, names, boot = unpack(KEYS, 1, 4)
local letters, n = tonumber(ARGV[1]), 1
local since = begun(boot)

local function take()
  n = n + 1
  return ARGV[n]
end

local function count()
  return tonumber(take())
end

-- Where conversations stand in due: the time, or false for nowhere.
local places = {}

-- shorten lets the oldest letters of a conversation make room.
local function shorten(conv)
  local all = {}
  for _, field in ipairs(redis.call('HKEYS', conv)) do
    if string.sub(field, 1, 2) == 'l:' then
      all[#all + 1] = {tonumber(string.match(redis.call('HGET', conv, field), '^%d+')), field}
    end
  end
  table.sort(all, function(x, y) return x[1] < y[1] end)
  for i = 1, #all - letters do redis.call('HDEL', conv, all[i][2]) end
end

-- commit changes a conversation, whose arguments are taken.
local function commit(conv, box, out, parked)
  local name, fence = take(), take()
  local is = redis.call('HMGET', conv, 'f', 'u', 'a', 'o', 'j', 'n', 'd', 'h')
  if not holds(since, is[1], fence) then return 0 end
  local leased, o, single = is[2], is[4], is[5]
  local number, rests, b, alone = heard(is[3])
  local release, hold, session = take(), take(), take()

  -- What is set and dropped in the hash, at the end: first all that is dropped.
  local set, drop = {}, {}

  -- keep makes a field what it is to be, where it is not so yet; nil: not there.
  local function keep(field, was, value)
    if value then
      if value ~= was then put(set, field, value) end
    elseif was then
      drop[#drop + 1] = field
    end
  end

  local function numbered(field, record)
    number = number + 1
    put(set, field, number .. ':' .. record)
  end

  local gone = {} -- ids of sends

  local function unsend(id)
    gone[#gone + 1] = id
    drop[#drop + 1] = 'm:' .. id
    drop[#drop + 1] = 'k:' .. id
    drop[#drop + 1] = 't:' .. id
  end

  -- unsent are the ids of the sends that wait.
  local function unsent()
    if single then return {single} end
    return o and redis.call('ZRANGE', out, 0, -1) or {}
  end

  if session == '1' then put(set, 's', take()) end
  local consumed = {}
  for _ = 1, count() do
    local id = take()
    consumed[#consumed + 1] = id
    drop[#drop + 1] = 'e:' .. id
    if id == alone then alone, b = nil, nil end
  end
  local aside = count()
  for _ = 1, aside do numbered('l:' .. take(), take()) end
  for _ = 1, count() do unsend(take()) end -- settled
  for _ = 1, count() do -- retried
    local id = take()
    if id == single or not single and redis.call('ZSCORE', out, id) then redis.call('HINCRBY', conv, 't:' .. id, 1) end
  end
  if take() == '1' then -- cancel
    for _, id in ipairs(unsent()) do
      if redis.call('HEXISTS', conv, 'm:' .. id) == 1 then unsend(id) end
    end
  end
  local new = {}
  for _ = 1, count() do -- sends
    local id, at, kind, record = take(), take(), take(), take()
    if o then unsend(id) end
    put(new, at, id)
    numbered(kind .. id, record)
  end

  if b and not alone and #consumed > 0 then
    change('ZREM', box, consumed)
    b = first(box)
  end
  if single then
    for _, id in ipairs(gone) do
      if id == single then single, o = nil, nil end
    end
  elseif o and #gone > 0 then
    change('ZREM', out, gone)
    o = first(out)
  end
  if #new == 2 and not o then
    o, single = new[1], new[2]
  elseif #new > 0 then
    if single then redis.call('ZADD', out, o, single) end
    single = nil
    change('ZADD', out, new)
    o = first(out)
  end

  local at, till = work(b, o, hold), tonumber(leased or 0)
  if release == '1' then
    for _, field in ipairs({'f', 'u', 'n', 'd'}) do drop[#drop + 1] = field end
  else
    keep('n', is[6], '1')
    if at > till or is[7] then keep('d', is[7], at > till and '1' or nil) end
  end
  if hold == '0' then hold = nil end
  keep('a', is[3], hears(number, rests, b, alone))
  keep('o', is[4], o)
  keep('j', is[5], single)
  keep('h', is[8], hold)
  change('HDEL', conv, drop)
  change('HSET', conv, set)
  if aside > 0 then shorten(conv) end
  if release == '1' then
    if not (b or o) and session == '0' and aside == 0 then clear(conv, rest, names, parked, name) end
    places[name] = at < never and at
  elseif at > till or is[7] then
    places[name] = at < never and math.max(at, till)
  end -- else it stands at the end of its lease
  return 1
end

local answers = {}
for k = 5, #KEYS, 4 do
  local length = count() -- of the conversation's arguments, which follow
  local past = n + length
  local ok, answer = pcall(commit, unpack(KEYS, k, k + 3))
  n = past
  answers[#answers + 1] = ok and answer or reason(answer)
end

local stand, gone = {}, {}
for name, at in pairs(places) do
  if at then put(stand, at, name) else gone[#gone + 1] = name end
end
change('ZADD', due, stand)
change('ZREM', due, gone)
return answers
