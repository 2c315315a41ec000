(data (i32.const 900) "{\22text\22:\22\ff\fe\c0\22}\00")
(func $run (param i32 i32) (result i64)
  (call $log (i32.const 1) (i32.const 909) (i32.const 3))
  (call $text (i32.const 900)))
