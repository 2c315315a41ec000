(func $run (param i32 i32) (result i64) (loop $ever (br $ever)) (unreachable))
