;; A wrong address for what the host answers.
(func $run (param i32 i32) (result i64) (drop (call $http (i32.const 512) (call $length (i32.const 512)) (i32.const 65530) (i32.const 65536))) (call $text (i32.const 256)))
