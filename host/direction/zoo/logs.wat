(func $run (param i32 i32) (result i64) (loop $ever (call $log (i32.const 1) (i32.const 256) (i32.const 16)) (br $ever)) (unreachable))
