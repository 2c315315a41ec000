  (func $order.topic:1_+_tea_* (type 0) (result i32)
    (local i32)
    call $order.topic:1_+_tea_*__conditions_from_1
    if  ;; label = @1
      i32.const 0
      return
    end
    i32.const 1520
    i32.const 2
    call $pick
    local.set 0
    i32.const 0
    local.get 0
    i32.const 2
    call $drawn
    i32.const 0
    local.get 0
    i32.add
    call_indirect (type 15)
    i32.const 0)
  (func $order.topic:1_+_tea_*__conditions_from_1 (type 0) (result i32)
    i32.const 64
    call $spend
    i32.const 0
    i32.const 0
    i32.const 0
    call $open_arg
    i32.const 64
    call $spend
    global.get $frame
    i32.load
    global.get $frame
    i32.load offset=4
    i32.const 0
    call $star
    call $close_arg
    i32.const 1496
    i32.const 6
    call $compare
    if  ;; label = @1
      i32.const 64
      call $spend
      i32.const 1502
      i32.const 14
      call $text
      i32.const 1
      return
    end
    i32.const 0)
  (func $order.topic:3_reply (type 15)
    i32.const 256
    call $spend
    i32.const 774
    call $mark
    i32.const 64
    call $spend
    i32.const 1496
    i32.const 6
    call $text
    i32.const 7
    call $mark
    i32.const 3
    call $mark)
  (func $order.topic:4_reply (type 15)
    i32.const 64
    call $spend
    i32.const 2140
    i32.const 4
    call $text)
  (func $order.topic:6_+__tea|green_tea__#_cups (type 0) (result i32)
    i32.const 1
    i32.const 1536
    i32.const 10
    call $alias)
