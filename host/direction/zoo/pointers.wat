;; A wrong address for the host, at the very end of what can be addressed.
(func $run (param i32 i32) (result i64) (call $log (i32.const 1) (i32.const -8) (i32.const 16)) (call $text (i32.const 256)))
