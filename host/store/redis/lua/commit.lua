-- commit changes one conversation under its lease. Answers 1, or 0 when the lease was taken over.
local due, conv, box, out, rest, names = unpack(KEYS)
local name, fence, letters = ARGV[1], ARGV[2], tonumber(ARGV[3])
local n = 3

local function take()
  n = n + 1
  return ARGV[n]
end

local function count()
  return tonumber(take())
end

local is = redis.call('HMGET', conv, 'f', 'u', 'b', 'o', 'q')
if is[1] ~= fence then return 0 end
local leased, b, o, number = is[2], is[3], is[4], tonumber(is[5] or 0)
local release, hold, session = take(), take(), take()

-- What is set and dropped in the hash, at the end: first all that is dropped.
local set, drop = {}, {}

local function put(field, value)
  set[#set + 1] = field
  set[#set + 1] = value
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
end
local aside = count()
for _ = 1, aside do numbered('l:' .. take(), take()) end
for _ = 1, count() do unsend(take()) end -- settled
for _ = 1, count() do -- retried
  local id = take()
  if redis.call('ZSCORE', out, id) then redis.call('HINCRBY', conv, 't:' .. id, 1) end
end
if take() == '1' and o then -- cancel
  for _, id in ipairs(redis.call('ZRANGE', out, 0, -1)) do
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

if #consumed > 0 then
  change('ZREM', box, consumed)
  b = first(box)
end
if #gone > 0 or #new > 0 then
  change('ZREM', out, gone)
  change('ZADD', out, new)
  o = first(out)
end
put('q', number)
if b then put('b', b) else drop[#drop + 1] = 'b' end
if o then put('o', o) else drop[#drop + 1] = 'o' end
if hold == '0' then
  hold = nil
  drop[#drop + 1] = 'h'
else
  put('h', hold)
end
if release == '1' then
  leased = nil
  drop[#drop + 1] = 'f'
  drop[#drop + 1] = 'u'
  drop[#drop + 1] = 'n'
else
  put('n', 1)
end
change('HDEL', conv, drop)
change('HSET', conv, set)
if aside > 0 then shorten() end
if release == '1' then clear(conv, rest, names, name) end
place(due, name, work(b, o, hold), leased)
return 1
