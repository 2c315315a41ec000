(func $run (param i32 i32) (result i64) (i64.div_s (i64.const -9223372036854775808) (i64.extend_i32_s (i32.const -1))))
