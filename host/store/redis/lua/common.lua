-- Shared by the scripts below. Every key of a script lies in one partition. Times are
-- milliseconds; nothing due is never. Calls are what a script costs: what several
-- need together is read and written in one.
--
--   due     sorted set: conversation, when it can be claimed next (never too late, perhaps too early)
--   conv    hash of one conversation:
--             s session | h hold | f, u fence and end of the lease | n leases since one was given back | r as in rest
--             b, o the first of box and of out | q last number of an event, send or letter | p is or was in parked
--             e:<id> event | m:<id> send | k:<id> send that stays | t:<id> tries of a send | l:<kind>:<id> letter
--   box     sorted set: ids of the events, when they are work
--   out     sorted set: ids of the sends, when they are due
--   seen    sorted set: hashes of ids of events, when they may be forgotten
--   rest    sorted set: conversation, step of its last word or lease
--   names   sorted set: conversation, 0; everyone of whom anything is kept
--   parked  sorted set of one Page: conversations whose sends a pause holds back, when those are due
--   pauses  hash: Page, end of its pause (0: none) and reason
--   seq     counter for leases

local never = math.huge

local function first(key)
  return redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
end

-- sends is when a conversation's first send may go, pauses left aside.
local function sends(o, hold)
  if not o then return never end
  return math.max(tonumber(o), tonumber(hold or 0))
end

-- work is when a conversation has work, pauses and leases left aside.
local function work(b, o, hold)
  return math.min(tonumber(b or never), sends(o, hold))
end

-- place puts a conversation where it can be claimed next: not before its lease ends.
local function place(due, name, at, leased)
  if at == never then
    redis.call('ZREM', due, name)
  else
    redis.call('ZADD', due, math.max(at, tonumber(leased or 0)), name)
  end
end

-- change calls a command for many arguments, in portions that Lua can unpack.
local function change(command, key, args)
  for i = 1, #args, 1000 do
    redis.call(command, key, unpack(args, i, math.min(i + 999, #args)))
  end
end

-- stir notes that a conversation rests no more since the step before; the caller sets r.
local function stir(rest, names, name, step)
  redis.call('ZADD', rest, step, name)
  redis.call('ZADD', names, 0, name)
end

-- begin begins a lease and gives its fence; n and r are of the conversation.
local function begin(conv, seq, rest, names, name, step, till, n, r)
  local fence = redis.call('INCR', seq)
  redis.call('HSET', conv, 'f', fence, 'u', till, 'n', tonumber(n or 0) + 1, 'r', step)
  if r ~= step then stir(rest, names, name, step) end
  return fence
end

-- clear leaves nothing behind of a conversation of which nothing is kept.
local function clear(conv, rest, names, name)
  local left, marks = redis.call('HLEN', conv), 0
  if left > 4 then return end
  for _, mark in ipairs(redis.call('HMGET', conv, 'n', 'r', 'q', 'p')) do
    if mark then marks = marks + 1 end
  end
  if left > marks then return end
  redis.call('DEL', conv)
  redis.call('ZREM', rest, name)
  redis.call('ZREM', names, name)
end
