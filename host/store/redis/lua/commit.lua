-- commit changes one conversation under its lease. Answers 1, or 0 when the lease was taken over.
local due, conv, box, out, rest, names, boot = unpack(KEYS)
local name, fence, letters = ARGV[1], ARGV[2], tonumber(ARGV[3])
local n = 3

local function take()
  n = n + 1
  return ARGV[n]
end

local function count()
  return tonumber(take())
end

local is = redis.call('HMGET', conv, 'f', 'u', 'b', 'o', 'q', 'i', 'j', 'n', 'd', 'h')
if not holds(boot, is[1], fence) then return 0 end
local leased, b, o, number, alone, single = is[2], is[3], is[4], tonumber(is[5] or 0), is[6], is[7]
local release, hold, session = take(), take(), take()

-- What is set and dropped in the hash, at the end: first all that is dropped.
local set, drop = {}, {}

local function put(field, value)
  set[#set + 1] = field
  set[#set + 1] = value
end

-- keep makes a field what it is to be, where it is not so yet; nil: not there.
local function keep(field, was, value)
  if value then
    if value ~= was then put(field, value) end
  elseif was then
    drop[#drop + 1] = field
  end
end

local function numbered(field, record)
  number = number + 1
  put(field, number .. ':' .. record)
end

local gone = {} -- ids of sends

local function unsend(id)
  gone[#gone + 1] = id
  for _, kind in ipairs({'m:', 'k:', 't:'}) do drop[#drop + 1] = kind .. id end
end

-- unsent are the ids of the sends that wait.
local function unsent()
  if single then return {single} end
  return o and redis.call('ZRANGE', out, 0, -1) or {}
end

-- shorten lets the oldest letters make room.
local function shorten()
  local all = {}
  for _, field in ipairs(redis.call('HKEYS', conv)) do
    if string.sub(field, 1, 2) == 'l:' then
      all[#all + 1] = {tonumber(string.match(redis.call('HGET', conv, field), '^%d+')), field}
    end
  end
  table.sort(all, function(x, y) return x[1] < y[1] end)
  for i = 1, #all - letters do redis.call('HDEL', conv, all[i][2]) end
end

if session == '1' then put('s', take()) end
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
  new[#new + 1] = at
  new[#new + 1] = id
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

local at = work(b, o, hold)
local elsewhere = is[9]
if release == '1' then
  for _, field in ipairs({'f', 'u', 'n', 'd'}) do drop[#drop + 1] = field end
else
  keep('n', is[8], '1')
  if at > tonumber(leased) or is[9] then
    elsewhere = place(due, name, at, leased) and '1'
    keep('d', is[9], elsewhere)
  end -- else it stands at the end of its lease
end
if hold == '0' then hold = nil end
keep('q', is[5], tostring(number))
keep('b', is[3], b)
keep('i', is[6], alone)
keep('o', is[4], o)
keep('j', is[7], single)
keep('h', is[10], hold)
change('HDEL', conv, drop)
change('HSET', conv, set)
if aside > 0 then shorten() end
if release == '1' then
  clear(conv, rest, names, name)
  place(due, name, at)
end
return 1
