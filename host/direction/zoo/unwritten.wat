;; It ignores the refusal, and says the hello of others.
(data (i32.const 900) "name\00")
(func $run (param i32 i32) (result i64) (drop (call $write (i32.const 900) (i32.const 4) (i32.const 256) (i32.const 4))) (call $text (i32.const 256)))
