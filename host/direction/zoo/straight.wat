;; A loop with very much in it, and nothing that ends it.
(func $run (param i32 i32) (result i64) (local f64)
  (loop $ever REPEAT (br $ever)) (unreachable))
