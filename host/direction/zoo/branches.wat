;; A function that would keep the compiler busy.
(func $run (param i32 i32) (result i64) REPEAT (call $text (i32.const 256)))
