;; A direction of every kind, good and bad. The first letter of the name that is called
;; says which: the payload begins with {"name":" and the letter stands at its ninth byte.
(module
  (import "dir:host/v1" "log" (func $log (param i32 i32 i32)))
  (import "dir:host/v1" "now" (func $now (result i64)))
  (import "dir:host/v1" "random" (func $random (param i32 i32)))
  (import "dir:host/v1" "get" (func $get (param i32 i32 i32 i32) (result i32)))
  (import "dir:host/v1" "put" (func $put (param i32 i32 i32 i32) (result i32)))
  (import "dir:host/v1" "http" (func $http (param i32 i32 i32 i32) (result i64)))
  (import "dir:host/v1" "emit" (func $emit (param i32 i32)))
  (import "dir:host/v1" "cut" (func $cut))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (table 2 funcref)
  (global $seen (mut i32) (i32.const 0))
  (global $times (mut i32) (i32.const 0))
  (data (i32.const 0) "{\22version\22:\221\22,\22directions\22:[{\22name\22:\22zoo\22}]}")
  (data (i32.const 256) "{\22text\22:\22hello\22}")
  (data (i32.const 300) "{\22text\22:\22\ff\fe\22}")
  (data (i32.const 340) "{\22text\22:\22 \22}")
  (data (i32.const 400) "state:k")
  (data (i32.const 420) "a line\0aand half")

  (func (export "dir_abi_v1"))
  (func (export "_initialize"))
  (func (export "dir_alloc") (param i32) (result i32) (i32.const 4096))

  (func $at (param $address i32) (param $length i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $address)) (i64.const 32)) (i64.extend_i32_u (local.get $length))))
  (func $hello (result i64) (call $at (i32.const 256) (i32.const 16)))
  (func $deeper (param i32) (result i32) (i32.add (call $deeper (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))

  (func (export "dir_call") (param $op i32) (param $ptr i32) (param $len i32) (result i64)
    (local $which i32) (local $n i32)
    (if (i32.eqz (local.get $op)) (then (return (call $at (i32.const 0) (i32.const 47)))))
    (local.set $which (i32.load8_u (i32.add (local.get $ptr) (i32.const 9))))
    ;; hello
    (if (i32.eq (local.get $which) (i32.const 0x68)) (then (return (call $hello))))
    ;; loop
    (if (i32.eq (local.get $which) (i32.const 0x6c)) (then (loop $again (br $again))))
    ;; recursion
    (if (i32.eq (local.get $which) (i32.const 0x72)) (then (drop (call $deeper (i32.const 0)))))
    ;; bomb of memory: as much as there is, and a call that goes on
    (if (i32.eq (local.get $which) (i32.const 0x62)) (then
      (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (return (call $hello))))
    ;; greedy: gives up when it finds no more memory
    (if (i32.eq (local.get $which) (i32.const 0x67)) (then
      (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (unreachable)))
    ;; fill: memory written again and again by one instruction
    (if (i32.eq (local.get $which) (i32.const 0x66)) (then
      (loop $again (memory.fill (i32.const 8192) (i32.const 1) (i32.const 50000)) (br $again))))
    ;; output without end
    (if (i32.eq (local.get $which) (i32.const 0x6f)) (then (return (call $at (i32.const 0) (i32.const 0x7fffffff)))))
    ;; pointer that leads nowhere
    (if (i32.eq (local.get $which) (i32.const 0x70)) (then (return (call $at (i32.const 0x7fffffff) (i32.const 10)))))
    ;; wrong pointer for the host
    (if (i32.eq (local.get $which) (i32.const 0x77)) (then (call $log (i32.const 1) (i32.const 0x7ffffff0) (i32.const 100))))
    ;; invalid UTF-8
    (if (i32.eq (local.get $which) (i32.const 0x69)) (then (return (call $at (i32.const 300) (i32.const 13)))))
    ;; trap
    (if (i32.eq (local.get $which) (i32.const 0x74)) (then (unreachable)))
    ;; exit
    (if (i32.eq (local.get $which) (i32.const 0x78)) (then (call $proc_exit (i32.const 3))))
    ;; spy: says what the call before has left in memory and in a global
    (if (i32.eq (local.get $which) (i32.const 0x73)) (then
      (i32.store8 (i32.const 349) (i32.add (i32.const 0x30) (i32.add (global.get $seen) (i32.load8_u (i32.const 60000)))))
      (global.set $seen (i32.const 1))
      (i32.store8 (i32.const 60000) (i32.const 2))
      (return (call $at (i32.const 340) (i32.const 12)))))
    ;; keeps what it saw, and crashes
    (if (i32.eq (local.get $which) (i32.const 0x6b)) (then
      (global.set $seen (i32.const 1))
      (i32.store8 (i32.const 60000) (i32.const 2))
      (unreachable)))
    ;; cut
    (if (i32.eq (local.get $which) (i32.const 0x63)) (then (call $cut) (return (call $hello))))
    ;; every function that returns something
    (if (i32.eq (local.get $which) (i32.const 0x61)) (then
      (call $random (i32.const 2000) (i32.const 8))
      (call $log (i32.const 2) (i32.const 420) (i32.const 6))
      (drop (call $now))
      (drop (call $put (i32.const 400) (i32.const 7) (i32.const 265) (i32.const 5)))
      (local.set $n (call $get (i32.const 400) (i32.const 7) (i32.const 3000) (i32.const 100)))
      (call $emit (i32.const 3000) (local.get $n))
      (drop (call $http (i32.const 420) (i32.const 6) (i32.const 3000) (i32.const 4)))
      ;; a line and a half to standard output
      (i32.store (i32.const 500) (i32.const 420)) (i32.store (i32.const 504) (i32.const 15))
      (drop (call $fd_write (i32.const 1) (i32.const 500) (i32.const 1) (i32.const 508)))
      (return (call $hello))))
    ;; nothing
    (i64.const 0)))
