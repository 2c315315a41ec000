;; It asks a granted host that leads elsewhere, and tells what it was told.
(func $run (param i32 i32) (result i64) (local $n i32)
  (local.set $n (i32.wrap_i64 (call $http (i32.const 512) (call $length (i32.const 512)) (i32.const 2048) (i32.const 4096))))
  (call $log (i32.const 1) (i32.const 2048) (local.get $n))
  (call $text (i32.const 256)))
