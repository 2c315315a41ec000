;; Recursion through a table.
(table 1 funcref) (elem (i32.const 0) $run)
(func $run (param i32 i32) (result i64)
  (i64.add (i64.const 1) (call_indirect (param i32 i32) (result i64) (local.get 0) (local.get 1) (i32.const 0))))
